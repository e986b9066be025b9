import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import * as losses from '../../main/core/training/losses.js';
import {
  accumulationGraph,
  DEFAULT_ADAMW,
  EMA_DECAY,
  emaDecayAt,
  emaOf,
  GRADIENT_NORM,
  momentOf,
  nextOf,
  stepGraph,
  stepScalars,
  sumOf,
  varianceOf,
  type StepOptions,
} from '../../main/core/training/step-graph.js';
import { awayFromZero, between, gradientErrors } from './gradient-check.js';
import { openGraph, runGraph } from './onnx-runtime.js';

const zerosLike = (value: Tensor): Tensor => float32Tensor(value.dims, new Float32Array(value.data.length));
const scalar = (value: number): Tensor => float32Tensor([], [value]);

describe('losses', () => {
  const y = awayFromZero([2, 3, 4, 4], 1);
  const t = between(-1, 1, [2, 3, 4, 4], 2);
  const [ys, ts] = [toNumbers(y), toNumbers(t)];
  const mean = (of: (y: number, t: number) => number): number =>
    ys.reduce((sum, value, i) => sum + of(value, ts[i]!), 0) / ys.length;
  const mask = float32Tensor(
    [2, 1, 4, 4],
    Array.from({ length: 32 }, (_, i) => Number(i % 3 === 0)),
  );
  const maskAt = (i: number): number => Number(mask.data[Math.floor(i / 48) * 16 + (i % 16)]);

  const isChanged = (i: number): boolean => (i < 48 ? i % 5 === 0 : i % 2 === 0);

  const cases: [string, (b: GraphBuilder, y: string, t: string) => string, number][] = [
    ['mean squared error', losses.meanSquaredError, mean((a, b) => (a - b) ** 2)],
    ['mean absolute error', losses.meanAbsoluteError, mean((a, b) => Math.abs(a - b))],
    ['Charbonnier', losses.charbonnier, mean((a, b) => Math.sqrt((a - b) ** 2 + 1e-6))],
    ['binary cross-entropy', losses.binaryCrossEntropy, mean((x, p) => Math.log(1 + Math.exp(x)) - p * x)],
    [
      'masked',
      (b, p, q) => losses.maskedAbsoluteError(b, p, q, b.constant(mask)),
      ys.reduce((sum, value, i) => sum + maskAt(i) * Math.abs(value - ts[i]!), 0) /
        ys.reduce((n, _, i) => n + maskAt(i), 0),
    ],
    [
      // The second crop's share is another: each crop counts alike.
      'where the input was changed',
      (b, p, q) => {
        const changed = float32Tensor(
          y.dims,
          ts.map((value, i) => value + Number(isChanged(i))),
        );
        return losses.changedAbsoluteError(b, p, q, b.constant(changed));
      },
      [0, 1].reduce((sum, crop) => {
        const inCrop = ys.map((_, i) => i).filter((i) => Math.floor(i / 48) === crop && isChanged(i));
        return sum + inCrop.reduce((all, i) => all + Math.abs(ys[i]! - ts[i]!), 0) / inCrop.length / 2;
      }, 0),
    ],
    [
      'divergence',
      (b, mu, logvar) => losses.klDivergence(b, mu, logvar),
      mean((mu, logvar) => 0.5 * (mu ** 2 + Math.exp(logvar) - 1 - logvar)) * 48,
    ],
  ];

  it.each(cases)('%s is what its formula says, and so is its gradient', async (_, make, wanted) => {
    const b = new GraphBuilder();
    const graph = b.build({ loss: make(b, b.input('y', 'float32', y.dims), b.input('t', 'float32', t.dims)) }, 'loss');
    const result = (await runGraph(graph, { y, t })).get('loss')!;
    expect(result.dims).toEqual([]);
    expect(toNumbers(result)[0]).toBeCloseTo(wanted, 5);
    // Kinks lie where y = t; a small step meets few of them.
    for (const { error } of await gradientErrors(graph, { y, t }, ['y'], 1e-3)) expect(error).toBeLessThan(0.02);
  });

  it('are safe for large logits, and counted at several scales', async () => {
    const b = new GraphBuilder();
    const [p, q] = [b.input('p', 'float32', [1, 1, 4, 4]), b.input('q', 'float32', [1, 1, 4, 4])];
    const graph = b.build(
      {
        bce: losses.binaryCrossEntropy(b, p, q),
        scales: losses.multiScaleAbsoluteError(b, p, q, 3),
        coarse: losses.multiScaleAbsoluteError(b, p, q, 2, 1),
      },
      'losses',
    );
    const ones = float32Tensor([1, 1, 4, 4], new Array<number>(16).fill(1));
    const checks = float32Tensor(
      [1, 1, 4, 4],
      Array.from({ length: 16 }, (_, i) => ((i + Math.floor(i / 4)) % 2 === 0 ? 200 : -200)),
    );
    const result = await runGraph(graph, { p: checks, q: ones });
    expect(toNumbers(result.get('bce')!)[0]).toBeCloseTo(100, 3);
    // |200 - 1| and |-200 - 1| at full size; nothing but the 1 is left of a checkerboard that was averaged.
    expect(toNumbers(result.get('scales')!)[0]).toBeCloseTo((200 + 1 + 1) / 3, 3);
    expect(toNumbers(result.get('coarse')!)[0]).toBeCloseTo(1, 3);
  });

  it('give latents free bits', async () => {
    const b = new GraphBuilder();
    const [mu, logvar] = [b.input('mu', 'float32', [2, 3]), b.input('logvar', 'float32', [2, 3])];
    const graph = b.build({ kl: losses.klDivergence(b, mu, logvar, 0.5) }, 'kl');
    const feeds = {
      mu: float32Tensor([2, 3], [2, 0, 0, 2, 0, 0]),
      logvar: zerosLike(float32Tensor([2, 3], new Float32Array(6))),
    };
    expect(toNumbers((await runGraph(graph, feeds)).get('kl')!)[0]).toBeCloseTo(2 + 0.5 + 0.5, 5);
  });
});

/** y = x w + c, and the mean squared error. */
function linearNet(): { graph: Graph; w: Tensor; c: Tensor } {
  const b = new GraphBuilder();
  const [w, c] = [awayFromZero([3, 2], 5), awayFromZero([2], 6)];
  const x = b.input('x', 'float32', [4, 3]);
  const y = b.op('Add', [b.op('MatMul', [x, b.initializer('w', w)]), b.initializer('c', c)]);
  const loss = losses.meanSquaredError(b, y, b.input('t', 'float32', [4, 2]));
  return { graph: b.build({ loss }, 'linear'), w, c };
}

/** AdamW in float64, by hand, for the net above. */
function reference(
  x: number[],
  t: number[],
  w: number[],
  c: number[],
  steps: number,
  options: StepOptions,
  rate: number,
) {
  const { betas, epsilon, weightDecay } = options.adamW;
  const theta = [...w, ...c];
  const [m, v, ema] = [theta.map(() => 0), theta.map(() => 0), [...theta]];
  const history: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const gradient = theta.map(() => 0);
    let loss = 0;
    for (let row = 0; row < 4; row++) {
      for (let out = 0; out < 2; out++) {
        let y = theta[6 + out]!;
        for (let k = 0; k < 3; k++) y += x[3 * row + k]! * theta[2 * k + out]!;
        const error = y - t[2 * row + out]!;
        loss += error ** 2 / 8;
        for (let k = 0; k < 3; k++) gradient[2 * k + out]! += (2 * error * x[3 * row + k]!) / 8;
        gradient[6 + out]! += (2 * error) / 8;
      }
    }
    history.push(loss);
    const norm = Math.hypot(...gradient);
    const scale = options.clipNorm === null ? 1 : Math.min(1, options.clipNorm / (norm + 1e-6));
    for (const [i, raw] of gradient.entries()) {
      const g = raw * scale;
      theta[i]! -= rate * weightDecay * theta[i]!;
      m[i] = betas[0] * m[i]! + (1 - betas[0]) * g;
      v[i] = betas[1] * v[i]! + (1 - betas[1]) * g * g;
      const [mHat, vHat] = [m[i] / (1 - betas[0] ** step), v[i] / (1 - betas[1] ** step)];
      theta[i]! -= (rate * mHat) / (Math.sqrt(vHat) + epsilon);
      if (options.emaDecay === null) continue;
      const kept = Math.min(options.emaDecay, (1 + step) / (10 + step));
      ema[i] = kept * ema[i]! + (1 - kept) * theta[i]!;
    }
  }
  return { history, theta, ema };
}

describe('a step', () => {
  it.each([
    ['plain', { clipNorm: null, emaDecay: null }],
    ['with clipping and a running mean', { clipNorm: 0.1, emaDecay: 0.9 }],
  ] as const)('%s is AdamW, number for number over 20 steps', async (_, more) => {
    const { graph, w, c } = linearNet();
    const options = { loss: 'loss', trainable: ['w', 'c'], adamW: { ...DEFAULT_ADAMW, weightDecay: 0.1 }, ...more };
    const step = stepGraph(graph, options);
    const batch = { x: awayFromZero([4, 3], 7), t: awayFromZero([4, 2], 8) };
    const rate = 0.05;
    let state: Record<string, Tensor> = { w, c };
    for (const [name, value] of Object.entries(state)) {
      state[momentOf(name)] = zerosLike(value);
      state[varianceOf(name)] = zerosLike(value);
      if (options.emaDecay !== null) state[emaOf(name)] = value;
    }
    const history: number[] = [];
    for (let at = 1; at <= 20; at++) {
      const scalars = Object.entries(stepScalars(at, rate, options.adamW.betas)).map(([name, value]) => [
        name,
        scalar(value),
      ]);
      const result = await runGraph(step, {
        ...batch,
        ...state,
        ...(Object.fromEntries(scalars) as Record<string, Tensor>),
        ...(options.emaDecay === null ? {} : { [EMA_DECAY]: scalar(emaDecayAt(at, options.emaDecay)) }),
      });
      history.push(toNumbers(result.get('loss')!)[0]!);
      expect(toNumbers(result.get(GRADIENT_NORM)!)[0]).toBeGreaterThan(0);
      state = Object.fromEntries(Object.keys(state).map((name) => [name, result.get(nextOf(name))!]));
    }
    const wanted = reference(toNumbers(batch.x), toNumbers(batch.t), toNumbers(w), toNumbers(c), 20, options, rate);
    for (const [i, loss] of history.entries()) expect(loss).toBeCloseTo(wanted.history[i]!, 5);
    expect(history.at(-1)).toBeLessThan(history[0]!);
    const trained = [...toNumbers(state['w']!), ...toNumbers(state['c']!)];
    for (const [i, value] of trained.entries()) expect(value).toBeCloseTo(wanted.theta[i]!, 4);
    if (options.emaDecay === null) return;
    const means = [...toNumbers(state[emaOf('w')]!), ...toNumbers(state[emaOf('c')]!)];
    for (const [i, value] of means.entries()) expect(value).toBeCloseTo(wanted.ema[i]!, 4);
  });

  it('keeps frozen weights inside, and refuses weights that are none or do not matter', () => {
    const { graph } = linearNet();
    const options = { loss: 'loss', adamW: DEFAULT_ADAMW, clipNorm: null, emaDecay: null };
    const step = stepGraph(graph, { ...options, trainable: ['c'] });
    expect(step.initializers.has('net/w')).toBe(true);
    expect(step.outputs.map(({ name }) => name)).toEqual(['loss', 'gradient_norm', 'next/c', 'next/m/c', 'next/v/c']);
    expect(() => stepGraph(graph, { ...options, trainable: ['none'] })).toThrow("the graph has no weight 'none'");
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [2]);
    const idle = b.op('Mul', [b.op('Floor', [b.initializer('k', awayFromZero([2], 1))]), x]);
    const stuck = b.build({ loss: losses.meanAbsoluteError(b, idle, x) }, 'stuck');
    expect(() => stepGraph(stuck, { ...options, trainable: ['k'] })).toThrow(
      "the loss does not depend on the weight 'k'",
    );
  });

  it('of several batches is that of one large batch', async () => {
    const { graph, w, c } = linearNet();
    const options = { loss: 'loss', trainable: ['w', 'c'], adamW: DEFAULT_ADAMW, clipNorm: 0.05, emaDecay: null };
    const weights = { w, c };
    const state = Object.fromEntries(
      Object.entries(weights).flatMap(([name, value]) => [
        [name, value],
        [momentOf(name), zerosLike(value)],
        [varianceOf(name), zerosLike(value)],
      ]),
    ) as Record<string, Tensor>;
    const scalars = stepScalars(1, 0.05, DEFAULT_ADAMW.betas);
    const step = Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalar(value)]));
    const batches = [7, 8, 9].map((seed) => ({ x: awayFromZero([4, 3], seed), t: awayFromZero([4, 2], seed + 10) }));

    // Its loss is the mean of the three batches'.
    const b = new GraphBuilder();
    for (const [name, value] of Object.entries(weights)) b.initializer(name, value);
    const parts = batches.map((_, i) =>
      b
        .inline(graph, `net${i}`, {
          x: b.input(`x${i}`, 'float32', [4, 3]),
          t: b.input(`t${i}`, 'float32', [4, 2]),
        })
        .get('loss')!,
    );
    const sum = parts.reduce((a, part) => b.op('Add', [a, part]));
    const large = b.build({ loss: b.op('Mul', [sum, b.scalar(1 / 3)]) }, 'large');
    const feeds = Object.fromEntries(
      batches.flatMap(({ x, t }, i) => [
        [`x${i}`, x],
        [`t${i}`, t],
      ]),
    ) as Record<string, Tensor>;
    const wanted = await runGraph(stepGraph(large, options), { ...feeds, ...state, ...step });

    const threefold = { ...options, accumulate: 3 };
    const accumulation = accumulationGraph(graph, threefold);
    let sums: Record<string, Tensor> = { [sumOf('w')]: zerosLike(w), [sumOf('c')]: zerosLike(c) };
    for (const batch of batches.slice(0, 2)) {
      const result = await runGraph(accumulation, { ...batch, ...weights, ...sums });
      sums = Object.fromEntries(Object.keys(sums).map((name) => [name, result.get(nextOf(name))!]));
    }
    const got = await runGraph(stepGraph(graph, threefold), { ...batches[2]!, ...state, ...step, ...sums });
    for (const name of [GRADIENT_NORM, ...Object.keys(state).map(nextOf)]) {
      const [values, expected] = [toNumbers(got.get(name)!), toNumbers(wanted.get(name)!)];
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    }
    expect(toNumbers(got.get(nextOf('w'))!)).not.toEqual(toNumbers(w));
  });

  it('can be taken in turns by two players, each with the other’s weights as they are now', async () => {
    // A generator y = z + g and a discriminator a y + d of real numbers around 3: what a GAN is, in three weights.
    const losses2 = (): { generator: Graph; discriminator: Graph } => {
      const build = (player: 'generator' | 'discriminator'): Graph => {
        const b = new GraphBuilder();
        const [g, a, d] = ['g', 'a', 'd'].map((name) =>
          b.initializer(name, float32Tensor([1], [name === 'g' ? 0 : 0.1])),
        );
        const fake = b.op('Add', [b.input('z', 'float32', [64, 1]), g!]);
        const judge = (y: string): string => b.op('Add', [b.op('Mul', [y, a!]), d!]);
        const ones = b.constant(float32Tensor([64, 1], new Array<number>(64).fill(1)));
        const zeros = b.constant(float32Tensor([64, 1], new Array<number>(64).fill(0)));
        const loss =
          player === 'generator'
            ? losses.binaryCrossEntropy(b, judge(fake), ones)
            : b.op('Add', [
                losses.binaryCrossEntropy(b, judge(b.input('real', 'float32', [64, 1])), ones),
                losses.binaryCrossEntropy(b, judge(fake), zeros),
              ]);
        return b.build({ loss }, player);
      };
      return { generator: build('generator'), discriminator: build('discriminator') };
    };
    const { generator, discriminator } = losses2();
    const common = { loss: 'loss', adamW: { ...DEFAULT_ADAMW, weightDecay: 0.02 }, clipNorm: null, emaDecay: null };
    const players = [
      { step: stepGraph(discriminator, { ...common, trainable: ['a', 'd'], shared: ['g'] }), weights: ['a', 'd'] },
      { step: stepGraph(generator, { ...common, trainable: ['g'], shared: ['a', 'd'] }), weights: ['g'] },
    ];
    expect(players[1]!.step.inputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['z', 'g', 'a', 'd', momentOf('g')]),
    );
    expect(players[1]!.step.inputs.map(({ name }) => name)).not.toContain(momentOf('a'));
    const state: Record<string, Tensor> = {};
    for (const name of ['g', 'a', 'd']) {
      state[name] = generator.initializers.get(name)!;
      for (const part of [momentOf(name), varianceOf(name)]) state[part] = float32Tensor([1], [0]);
    }
    const sessions = await Promise.all(players.map(({ step }) => openGraph(step)));
    try {
      for (let at = 1; at <= 600; at++) {
        for (const [i, { step, weights }] of players.entries()) {
          const scalars = stepScalars(at, 0.02, DEFAULT_ADAMW.betas);
          const all: Record<string, Tensor> = {
            ...state,
            z: between(-1, 1, [64, 1], 2 * at),
            real: between(2, 4, [64, 1], 2 * at + 1),
            ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalar(value)])),
          };
          const result = await sessions[i]!.run(Object.fromEntries(step.inputs.map(({ name }) => [name, all[name]!])));
          for (const name of weights.flatMap((weight) => [weight, momentOf(weight), varianceOf(weight)])) {
            state[name] = result.get(nextOf(name))!;
          }
        }
      }
    } finally {
      await Promise.all(sessions.map((session) => session.release()));
    }
    // What it makes has come to lie where the real numbers are.
    expect(Math.abs(toNumbers(state['g']!)[0]! - 3)).toBeLessThan(0.75);
  });
});
