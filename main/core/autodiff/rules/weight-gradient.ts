import type { Window } from '../../onnx/rules/window.js';
import type { GradientContext } from '../rule.js';

/**
 * The gradient of a convolution's weight: dW[m,c,k] = the sum over batch and pixels p of g[m,p] x[c, s p + d k - pads].
 * It is as much arithmetic as the convolution itself, with a small result and a very long sum, which the runtime's Conv is
 * not made for: written as products of matrices it takes a quarter to a half of the time (docs/training.md).
 */

/** dW for a convolution of `input` that gave something with the gradient `g`, in the weight's shape. */
export function weightGradient(
  x: GradientContext,
  input: string,
  g: string,
  window: Window,
  group: number,
  kernel: readonly number[],
): string {
  const { strides, dilations } = window;
  if (group > 1) return byConvolution(x, input, g, window, group, kernel);
  if (strides.every((stride) => stride === 1)) return byProduct(x, input, g, { ...window, kernel });
  if (dilations.some((dilation) => dilation !== 1)) return byConvolution(x, input, g, window, group, kernel);
  return byPhases(x, input, g, { ...window, kernel });
}

/** Batch and channels change places. */
const channelsFirst = (x: GradientContext, value: string): string =>
  x.transpose(value, [1, 0, ...range(x.dims(value).length).slice(2)]);

/**
 * For strides of 1. Each tap is a product of the two for each crop, and the products are added up at the end: one product
 * over the whole batch has a result so small that most of a GPU, and most of many threads, would find nothing to do.
 */
function byProduct(x: GradientContext, input: string, g: string, window: Window): string {
  const [batch, channels] = x.dims(input) as [number, number];
  const [, features] = x.dims(g) as [number, number];
  const { inputs, gradients, pixels } = shifted(x, input, g, window);
  // The runtime's products for the processor take matrices that lie the other way, and the transposition with them.
  const right = inputs.map((part) => x.transpose(x.reshape(part, [batch, channels, pixels]), [0, 2, 1]));
  const taps = gradients.flatMap((part) => {
    const left = x.reshape(part, [batch, features, pixels]);
    return right.map((of) => x.op('MatMul', [left, of]));
  });
  const all = taps.length === 1 ? taps[0]! : x.op('Concat', taps, { axis: 1 });
  return asWeight(x, batch === 1 ? all : x.sum(all, [0], false), features, channels, window.kernel);
}

/**
 * What the taps of a kernel are products of: the gradient, shifted by the tap's row, and the input, shifted by its column,
 * so that kh + kw copies make all kh kw products. Both have the input's height and the gradient's width: what is shifted
 * out of them would meet zeros only.
 */
function shifted(x: GradientContext, input: string, g: string, { kernel, dilations, padsBegin }: Window) {
  const [height, ...widths] = x.dims(input).slice(2) as [number, ...number[]];
  const [outputHeight, ...outputWidths] = x.dims(g).slice(2) as [number, ...number[]];
  const [rows, ...columns] = kernel as [number, ...number[]];
  const [step, ...steps] = dilations as [number, ...number[]];
  const gradients = range(rows).map((row) => {
    const before = row * step - padsBegin[0]!;
    return padAll(x, g, [[before, height - outputHeight - before]]);
  });
  const inputs = product(columns).map((taps) => {
    const ends = taps.map((tap, index): Ends => {
      const before = padsBegin[index + 1]! - tap * steps[index]!;
      return [before, outputWidths[index]! - widths[index]! - before];
    });
    return padAll(x, input, [[0, 0], ...ends]);
  });
  return { inputs, gradients, pixels: height * outputWidths.reduce((count, size) => count * size, 1) };
}

/** (taps features) x channels -> features x channels x kernel */
function asWeight(
  x: GradientContext,
  all: string,
  features: number,
  channels: number,
  kernel: readonly number[],
): string {
  const taps = kernel.reduce((count, size) => count * size, 1);
  const last = x.transpose(x.reshape(all, [taps, features, channels]), [1, 2, 0]);
  return x.reshape(last, [features, channels, ...kernel]);
}

/** For strides s: the input's s x s phases become channels, for which the convolution has strides of 1 and ceil(k / s) taps. */
function byPhases(x: GradientContext, input: string, g: string, { kernel, strides, padsBegin }: Window): string {
  const [batch, channels, ...sizes] = x.dims(input) as [number, number, ...number[]];
  const [, features, ...outputs] = x.dims(g) as [number, number, ...number[]];
  const taps = kernel.map((size, axis) => Math.ceil(size / strides[axis]!));
  const counts = outputs.map((size, axis) => size - 1 + taps[axis]!);
  const ends = sizes.map((size, axis): Ends => {
    const before = padsBegin[axis]!;
    return [before, counts[axis]! * strides[axis]! - size - before];
  });
  const whole = padAll(x, input, ends);
  const split = x.reshape(whole, [batch, channels, ...counts.flatMap((count, axis) => [count, strides[axis]!])]);
  const axes = range(sizes.length);
  const perm = [0, 1, ...axes.map((axis) => 3 + 2 * axis), ...axes.map((axis) => 2 + 2 * axis)];
  const phases = strides.reduce((count, stride) => count * stride, 1);
  const zeros = axes.map(() => 0);
  const ones = axes.map(() => 1);
  const plain: Window = { kernel: taps, strides: ones, dilations: ones, padsBegin: zeros, padsEnd: zeros };
  const flat = x.reshape(x.transpose(split, perm), [batch, channels * phases, ...counts]);
  const ofPhases = x.reshape(byProduct(x, flat, g, plain), [features, channels, ...strides, ...taps]);
  // m, c, s..., k'... -> m, c, and for each axis k', s, which are the kernel's pixels in order
  const woven = x.transpose(ofPhases, [0, 1, ...axes.flatMap((axis) => [2 + sizes.length + axis, 2 + axis])]);
  const full = x.reshape(woven, [features, channels, ...taps.map((count, axis) => count * strides[axis]!)]);
  return kernel.reduce((cut, size, axis) => x.slice(cut, axis + 2, 0, size), full);
}

/**
 * For groups, and strides with dilations: the correlation of input with gradient as a convolution, for which batch and
 * channels change places and strides and dilations too (Dumoulin and Visin 2016, arXiv:1603.07285).
 */
function byConvolution(
  x: GradientContext,
  input: string,
  g: string,
  window: Window,
  group: number,
  kernel: readonly number[],
): string {
  const [batch, channels, ...sizes] = x.dims(input) as [number, number, ...number[]];
  const features = x.dims(g)[1]!;
  const spatial = range(kernel.length).map((axis) => axis + 2);
  const each = channels / group;
  // N x (group C) -> C x (group N), so that groups stay apart while batch and channels change places.
  const split = x.reshape(input, [batch, group, each, ...sizes]);
  const swapped = x.transpose(split, [2, 1, 0, ...spatial.map((axis) => axis + 1)]);
  const correlated = x.op('Conv', [x.reshape(swapped, [each, group * batch, ...sizes]), channelsFirst(x, g)], {
    strides: window.dilations,
    dilations: window.strides,
    pads: [...window.padsBegin, ...window.padsEnd],
    group,
  });
  // Pixels at the end that no window reached make the result larger than the kernel.
  const cut = kernel.reduce((part, size, axis) => x.slice(part, axis + 2, 0, size), correlated);
  return x.reshape(channelsFirst(x, cut), [features, each, ...kernel]);
}

/** Zeros before and after an axis; negative numbers cut off. */
type Ends = readonly [before: number, after: number];

/** Pads the first spatial axes, all in one node. */
function padAll(x: GradientContext, value: string, ends: readonly Ends[]): string {
  if (ends.every(([before, after]) => before === 0 && after === 0)) return value;
  const rank = x.dims(value).length;
  const pads = new Array<number>(2 * rank).fill(0);
  for (const [axis, [before, after]] of ends.entries()) [pads[axis + 2], pads[rank + axis + 2]] = [before, after];
  return x.op('Pad', [value, x.b.ints(pads)]);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** All tuples of taps of some axes, the last axis fastest; one empty tuple for none. */
const product = (counts: readonly number[]): number[][] =>
  counts.reduce<number[][]>(
    (tuples, count) => tuples.flatMap((tuple) => range(count).map((tap) => [...tuple, tap])),
    [[]],
  );
