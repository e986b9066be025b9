import { expect, it } from 'vitest';
import { addBackward } from '../../main/core/autodiff/gradient.js';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { float32Tensor, tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import type { Tensor } from '../../main/core/onnx/model.js';
import { runGraph } from './onnx-runtime.js';

/** What rounding to 8 bits and back passes on: all where nothing is clipped, nothing where it is. */

/** The gradients by value and scale of x rounded to steps of `scale`, for dL/dy = g. */
async function roundingGradients(
  x: Tensor,
  g: readonly number[],
  scale: Tensor,
  zero: Tensor,
  axis = 1,
): Promise<{ x: number[]; scale: number[] }> {
  const net = new GraphBuilder();
  const feeds = { x, scale };
  const names = Object.entries(feeds).map(([name, { dims }]) => net.input(name, 'float32', dims));
  const zeroName = net.constant(zero);
  const rounded = net.op('QuantizeLinear', [names[0]!, names[1]!, zeroName], { axis });
  const graph = net.build({ y: net.op('DequantizeLinear', [rounded, names[1]!, zeroName], { axis }) }, 'rounding');
  const b = new GraphBuilder();
  const inputs = Object.fromEntries(Object.entries(feeds).map(([n, { dims }]) => [n, b.input(n, 'float32', dims)]));
  const values = b.inlineAll(graph, 'net', inputs);
  const seeds = new Map([['y', b.initializer('g', float32Tensor(x.dims, g))]]);
  const gradients = addBackward(b, graph, values, { seeds, wanted: ['x', 'scale'] });
  const result = await runGraph(b.build({ dx: gradients.get('x')!, ds: gradients.get('scale')! }, 'gradients'), feeds);
  return { x: toNumbers(result.get('dx')!), scale: toNumbers(result.get('ds')!) };
}

it('passes on the gradient of what is not clipped', async () => {
  // Steps of 0.5 from -1 (zero point 2) to 126.5: the last rounds up to what there is, the one after it does not.
  const x = float32Tensor([6], [-1.2, -1.3, 0.1, 3.2, 126.7, 126.8]);
  const { x: dx } = await roundingGradients(
    x,
    [1, 2, 3, 4, 5, 6],
    float32Tensor([], [0.5]),
    tensor('uint8', [], Uint8Array.of(2)),
    0,
  );
  expect(dx).toEqual([1, 0, 3, 4, 5, 0]);
});

it('gives a scale the gradient of a learnt step size', async () => {
  // Esser et al. 2020, equation 3: -x/s + round(x/s) inside, the bound outside.
  const x = float32Tensor([4], [0.6, -0.3, 70, -80]);
  const g = [1, 1, 2, 3];
  const { scale } = await roundingGradients(x, g, float32Tensor([], [0.5]), tensor('int8', [], Int8Array.of(0)), 0);
  expect(scale[0]).toBeCloseTo(1 - 1.2 + (-1 + 0.6) + 2 * 127 - 3 * 128, 3);
});

it('keeps the scales of rows apart', async () => {
  const x = float32Tensor([2, 2], [0.6, 0.6, 0.6, 300]);
  const scales = float32Tensor([2], [0.5, 2]);
  const zero = tensor('int8', [2], new Int8Array(2));
  const { x: dx, scale } = await roundingGradients(x, [1, 1, 1, 1], scales, zero, 0);
  expect(dx).toEqual([1, 1, 1, 0]);
  expect(scale[0]).toBeCloseTo(-0.4, 5);
  expect(scale[1]).toBeCloseTo(-0.3 + 127, 3);
});
