import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { addBackward } from '../../main/core/autodiff/gradient.js';
import { isDifferentiable } from '../../main/core/autodiff/rule.js';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { decodeModel } from '../../main/core/onnx/codec.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { bindInputShapes } from '../../main/core/onnx/shapes.js';
import { float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { awayFromZero, gradientErrors, gradientGraph } from './gradient-check.js';
import { noiseFeeds, randomStream, runGraph } from './onnx-runtime.js';

/** Gradients of whole nets: the shipped ones, and random ones. */

const SIZE = 32;
const modelFile = (name: string): string => fileURLToPath(new URL(`../../models/${name}.onnx`, import.meta.url));

function shippedNet(name: string): Graph {
  const { graph } = decodeModel(readFileSync(modelFile(name)));
  const shapes = graph.inputs.map(({ name: input, dims }) => [
    input,
    dims.map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? 1 : SIZE)),
  ]);
  return bindInputShapes(graph, Object.fromEntries(shapes) as Record<string, number[]>);
}

const withWeights = (graph: Graph, change: (weight: Tensor, name: string) => Tensor): Graph => ({
  ...graph,
  initializers: new Map([...graph.initializers].map(([name, weight]) => [name, change(weight, name)])),
});

const rms = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

it.each(['denoise-fast', 'denoise-quality', 'noise-estimator'])(
  'of %s by all weights agree with differences along random directions',
  async (name) => {
    const graph = shippedNet(name);
    const weights = [...graph.initializers].filter(([, { type }]) => isDifferentiable(type)).map(([weight]) => weight);
    const feeds = noiseFeeds(graph);
    const gradients = await runGraph(gradientGraph(graph, weights), feeds);
    // Constants that exporters leave among the weights need not matter; the weights of every convolution do.
    expect(gradients.size).toBeGreaterThan(0.9 * weights.length);
    for (const seed of [1, 2, 3]) {
      const random = randomStream(seed);
      const directions = new Map(
        [...gradients.keys()].map((output) => {
          const weight = toNumbers(graph.initializers.get(output.slice(2))!);
          const reach = rms(weight) + 1e-3;
          return [output.slice(2), weight.map(() => (random() - 0.5) * reach)];
        }),
      );
      const loss = async (step: number): Promise<number> => {
        const moved = withWeights(graph, (weight, of) => {
          const direction = directions.get(of);
          if (direction === undefined) return weight;
          return float32Tensor(
            weight.dims,
            toNumbers(weight).map((value, i) => value + step * direction[i]!),
          );
        });
        const outputs = await runGraph(moved, feeds);
        return graph.outputs.reduce((sum, { name: output }, k) => {
          const result = outputs.get(output)!;
          const seeds = toNumbers(awayFromZero(result.dims, 7 + k));
          return sum + toNumbers(result).reduce((part, value, i) => part + value * seeds[i]!, 0);
        }, 0);
      };
      const step = 2e-3;
      const difference = ((await loss(step)) - (await loss(-step))) / (2 * step);
      let derived = 0;
      let scale = 0;
      for (const [weight, direction] of directions) {
        const gradient = toNumbers(gradients.get(`d/${weight}`)!);
        for (const [i, value] of gradient.entries()) {
          derived += value * direction[i]!;
          scale += (value * direction[i]!) ** 2;
        }
      }
      expect(
        Math.abs(difference - derived) / Math.max(Math.abs(derived), Math.sqrt(scale)),
        `seed ${seed}`,
      ).toBeLessThan(0.02);
    }
  },
);

/** Smooth operators that keep a 1x4x4x4 value as it is shaped. */
const SMOOTH = ['Sigmoid', 'Tanh', 'Softplus', 'Neg', 'Erf', 'Identity'] as const;
const JOINING = ['Add', 'Sub', 'Mul'] as const;

/** A net of random operators over earlier values, each of which may be used more than once. */
function randomGraph(seed: number): Graph {
  const random = randomStream(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const b = new GraphBuilder();
  const values = [b.input('x0', 'float32', [1, 4, 4, 4]), b.input('x1', 'float32', [4, 1, 1])];
  const full = [b.op('Add', values)];
  for (let i = 0; i < 14; i++) {
    const value = pick(full);
    const makes: (() => string)[] = [
      () => b.op(pick(SMOOTH), [value]),
      () => b.op(pick(JOINING), [value, pick([...full, values[1]!])]),
      () =>
        b.op(
          'Conv',
          [
            value,
            b.initializer('w', awayFromZero([4, 4, 3, 3], seed + i)),
            values[1] && b.op('Reshape', [values[1], b.ints([4])]),
          ],
          { pads: [1, 1, 1, 1] },
        ),
      () =>
        b.op('Transpose', [value], {
          perm: pick([
            [0, 2, 1, 3],
            [0, 3, 2, 1],
            [0, 1, 3, 2],
          ]),
        }),
      () => b.op('DepthToSpace', [b.op('Reshape', [value, b.ints([1, 16, 2, 2])])], { blocksize: 2 }),
      () => {
        const parts = b.opMulti('Split', [value, b.ints([1, 3])], { axis: 1 }, 2);
        return b.op('Concat', parts.toReversed(), { axis: 1 });
      },
      () => b.op('Softmax', [value], { axis: pick([1, 2, 3]) }),
      () => b.op('MatMul', [value, pick(full)]),
      () => b.op('Sub', [value, b.op('ReduceMean', [value], { axes: [2, 3] })]),
    ];
    // Kept small, so that no product runs away.
    full.push(b.op('Tanh', [pick(makes)()]));
  }
  return b.build(full.slice(-2), `random ${seed}`);
}

it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))('of a random net (seed %i)', async (seed) => {
  const graph = randomGraph(seed);
  const feeds = { x0: awayFromZero([1, 4, 4, 4], seed), x1: awayFromZero([4, 1, 1], seed + 1) };
  const used = Object.fromEntries(
    Object.entries(feeds).filter(([name]) => graph.inputs.some((input) => input.name === name)),
  );
  for (const { name, error } of await gradientErrors(graph, used, undefined, 2e-3))
    expect(error, name).toBeLessThan(0.01);
});

it('refuses by name what has no gradient, and says what to do', () => {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', [1, 1, 4, 4]);
  const scales = b.constant(float32Tensor([4], [1, 1, 2, 2]));
  const graph = b.build([b.op('Resize', [x, undefined, scales], { mode: 'cubic' }, 'enlarge')], 'cubic');
  expect(() => gradientGraph(graph, ['x'])).toThrow(
    /enlarge.*\(Resize\): mode cubic has no gradient: use linear or nearest/,
  );
});

it('refuses names that do not exist, seeds of another shape, and free sizes', () => {
  const b = new GraphBuilder();
  const graph = b.build([b.op('Relu', [b.input('x', 'float32', [2, 3])], {}, 'y')], 'relu');
  const c = new GraphBuilder();
  const values = c.inlineAll(graph, 'net', { x: c.input('x', 'float32', [2, 3]) });
  const seeds = new Map([['y', c.initializer('seed', awayFromZero([3, 2], 1))]]);
  expect(() => addBackward(c, graph, values, { seeds, wanted: ['x'] })).toThrow("the gradient of 'y' is 3x2, not 2x3");
  expect(() => addBackward(c, graph, values, { seeds: new Map(), wanted: ['z'] })).toThrow("no value 'z'");
});
