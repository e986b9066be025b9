import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { elementCount, float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { charbonnier } from '../../main/core/training/losses.js';
import {
  DEFAULT_ADAMW,
  momentOf,
  nextOf,
  stepGraph,
  stepScalars,
  varianceOf,
} from '../../main/core/training/step-graph.js';
import { runGraph } from './onnx-runtime.js';

/** 20 steps of a small net beside the same in PyTorch: fixtures/training-reference.py says what is computed. */

interface Reference {
  readonly losses: readonly number[];
  /** Sum, and sum of magnitudes, after the last step. */
  readonly weights: Readonly<Record<string, readonly [number, number]>>;
}

const RATE = 2e-3;
const ADAMW = { ...DEFAULT_ADAMW, weightDecay: 0.05 };
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  w1: [8, 3, 3, 3],
  b1: [8],
  w2: [16, 8, 2, 2],
  b2: [16],
  w3: [16, 2, 3, 3],
  w4: [16, 8, 2, 2],
  b4: [8],
  w5: [3, 8, 3, 3],
  b5: [3],
};

const filled = (dims: readonly number[], phase: number, scale: number): Tensor =>
  float32Tensor(
    dims,
    Array.from({ length: elementCount(dims) }, (_, i) => scale * Math.sin(1.7 * i + phase)),
  );

const weights = Object.fromEntries(Object.entries(SHAPES).map(([name, dims], i) => [name, filled(dims, i, 0.2)]));

function net(): Graph {
  const b = new GraphBuilder();
  const w = Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, b.initializer(name, value)]));
  const x = b.input('x', 'float32', [4, 3, 8, 8]);
  const pads = [1, 1, 1, 1];
  const first = b.op('Relu', [b.op('Conv', [x, w['w1'], w['b1']], { pads })]);
  const down = b.op('LeakyRelu', [b.op('Conv', [first, w['w2'], w['b2']], { strides: [2, 2] })], { alpha: 0.1 });
  const gate = b.op('Sigmoid', [b.op('Conv', [down, w['w3']], { pads, group: 8 })]);
  const up = b.op('ConvTranspose', [b.op('Mul', [gate, down]), w['w4'], w['b4']], { strides: [2, 2] });
  const y = b.op('Add', [x, b.op('Conv', [b.op('Add', [up, first]), w['w5'], w['b5']], { pads })]);
  return b.build({ loss: charbonnier(b, y, b.input('target', 'float32', [4, 3, 8, 8])) }, 'small');
}

it('gives the losses and weights of PyTorch, within the rounding of float32', async () => {
  const file = fileURLToPath(new URL('../fixtures/training-reference.json', import.meta.url));
  const wanted = JSON.parse(readFileSync(file, 'utf8')) as Reference;
  const names = Object.keys(weights);
  const step = stepGraph(net(), { loss: 'loss', trainable: names, adamW: ADAMW, clipNorm: null, emaDecay: null });
  let state: Record<string, Tensor> = { ...weights };
  for (const [name, { dims }] of Object.entries(weights)) {
    state[momentOf(name)] = float32Tensor(dims, new Float32Array(elementCount(dims)));
    state[varianceOf(name)] = float32Tensor(dims, new Float32Array(elementCount(dims)));
  }
  for (const [at, loss] of wanted.losses.entries()) {
    const scalars = Object.entries(stepScalars(at + 1, RATE, ADAMW.betas)).map(([name, value]) => {
      return [name, float32Tensor([], [value])] as const;
    });
    const batch = { x: filled([4, 3, 8, 8], 100 + at, 0.5), target: filled([4, 3, 8, 8], 200 + 0.5 * at, 0.4) };
    const result = await runGraph(step, { ...batch, ...state, ...Object.fromEntries(scalars) });
    expect(Math.abs(toNumbers(result.get('loss')!)[0]! / loss - 1), `loss of step ${at + 1}`).toBeLessThan(2e-6);
    state = Object.fromEntries(Object.keys(state).map((name) => [name, result.get(nextOf(name))!]));
  }
  for (const [name, [sum, magnitude]] of Object.entries(wanted.weights)) {
    const values = toNumbers(state[name]!);
    const near = (value: number, to: number): void => {
      expect(Math.abs(value - to), name).toBeLessThan(1e-5 * magnitude);
    };
    near(
      values.reduce((a, value) => a + value, 0),
      sum,
    );
    near(
      values.reduce((a, value) => a + Math.abs(value), 0),
      magnitude,
    );
  }
});
