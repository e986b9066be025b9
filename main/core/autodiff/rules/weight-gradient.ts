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
  if (strides.every((stride) => stride === 1)) {
    if (x.parallel) return byProductOfCrops(x, input, g, { ...window, kernel });
    return byProduct(x, channelsFirst(x, input), channelsFirst(x, g), { ...window, kernel });
  }
  if (dilations.some((dilation) => dilation !== 1)) return byConvolution(x, input, g, window, group, kernel);
  return byPhases(x, input, g, { ...window, kernel });
}

/** Batch and channels change places. */
const channelsFirst = (x: GradientContext, value: string): string =>
  x.transpose(value, [1, 0, ...range(x.dims(value).length).slice(2)]);

/**
 * For strides of 1; `input` and `g` are channels x batch x pixels. Each tap is a product of the gradient, shifted by the
 * tap's row, with the input, shifted by its column: kh + kw shifted copies make all kh kw products.
 */
function byProduct(
  x: GradientContext,
  input: string,
  g: string,
  { kernel, dilations, padsBegin, padsEnd }: Window,
): string {
  const [channels, batch, ...sizes] = x.dims(input) as [number, number, ...number[]];
  const [features, , ...outputs] = x.dims(g) as [number, number, ...number[]];
  const [rows, ...columns] = kernel as [number, ...number[]];
  const [step, ...steps] = dilations as [number, ...number[]];
  const height = sizes[0]! + padsBegin[0]! + padsEnd[0]!;
  const shiftedRows = range(rows).map((row) => padAll(x, g, [[row * step, height - outputs[0]! - row * step]]));
  const shiftedColumns = product(columns).map((taps) =>
    padAll(x, input, [
      [padsBegin[0]!, padsEnd[0]!],
      ...taps.map((tap, index): Ends => {
        const before = padsBegin[index + 1]! - tap * steps[index]!;
        return [before, outputs[index + 1]! - sizes[index + 1]! - before];
      }),
    ]),
  );
  const length = batch * height * outputs.slice(1).reduce((count, size) => count * size, 1);
  const inputs = shiftedColumns.map((part) => x.reshape(part, [channels, length]));
  const taps = shiftedRows.flatMap((part) => {
    const gradient = x.reshape(part, [features, length]);
    return inputs.map((of) => x.op('Gemm', [gradient, of], { transB: 1 }));
  });
  const all = taps.length === 1 ? taps[0]! : x.op('Concat', taps, { axis: 0 });
  return asWeight(x, all, features, channels, kernel);
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

/**
 * The same for `input` and `g` as batch x channels x pixels, crop by crop: so many products a tap as there are crops, which
 * are added up at the end. The one long product of `byProduct` has a result so small that most of a GPU, and most of many
 * threads, would find nothing to do.
 */
function byProductOfCrops(
  x: GradientContext,
  input: string,
  g: string,
  { kernel, dilations, padsBegin, padsEnd }: Window,
): string {
  const [batch, channels, ...sizes] = x.dims(input) as [number, number, ...number[]];
  const [, features, ...outputs] = x.dims(g) as [number, number, ...number[]];
  const [rows, ...columns] = kernel as [number, ...number[]];
  const [step, ...steps] = dilations as [number, ...number[]];
  const height = sizes[0]! + padsBegin[0]! + padsEnd[0]!;
  const length = height * outputs.slice(1).reduce((count, size) => count * size, 1);
  const last = x.transpose(input, [0, ...range(sizes.length).map((axis) => axis + 2), 1]);
  const inputs = product(columns).map((taps) => {
    const shifted = padAll(
      x,
      last,
      [
        [padsBegin[0]!, padsEnd[0]!],
        ...taps.map((tap, index): Ends => {
          const before = padsBegin[index + 1]! - tap * steps[index]!;
          return [before, outputs[index + 1]! - sizes[index + 1]! - before];
        }),
      ],
      1,
    );
    return x.reshape(shifted, [batch, length, channels]);
  });
  const taps = range(rows).flatMap((row) => {
    const shifted = padAll(x, g, [[row * step, height - outputs[0]! - row * step]]);
    const gradient = x.reshape(shifted, [batch, features, length]);
    return inputs.map((of) => x.op('MatMul', [gradient, of]));
  });
  const all = taps.length === 1 ? taps[0]! : x.op('Concat', taps, { axis: 1 });
  return asWeight(x, batch === 1 ? all : x.sum(all, [0], false), features, channels, kernel);
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
  const byPhase = [1, ...axes.map((axis) => 3 + 2 * axis)];
  const pixels = axes.map((axis) => 2 + 2 * axis);
  const phases = strides.reduce((count, stride) => count * stride, 1);
  const zeros = axes.map(() => 0);
  const ones = axes.map(() => 1);
  const plain: Window = { kernel: taps, strides: ones, dilations: ones, padsBegin: zeros, padsEnd: zeros };
  const ofFlat = x.parallel
    ? byProductOfCrops(
        x,
        x.reshape(x.transpose(split, [0, ...byPhase, ...pixels]), [batch, channels * phases, ...counts]),
        g,
        plain,
      )
    : byProduct(
        x,
        x.reshape(x.transpose(split, [...byPhase, 0, ...pixels]), [channels * phases, batch, ...counts]),
        channelsFirst(x, g),
        plain,
      );
  const ofPhases = x.reshape(ofFlat, [features, channels, ...strides, ...taps]);
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

/** Pads axes from a first one on, as a rule the spatial ones, all in one node. */
function padAll(x: GradientContext, value: string, ends: readonly Ends[], first = 2): string {
  if (ends.every(([before, after]) => before === 0 && after === 0)) return value;
  const rank = x.dims(value).length;
  const pads = new Array<number>(2 * rank).fill(0);
  for (const [index, [before, after]] of ends.entries()) {
    [pads[first + index], pads[rank + first + index]] = [before, after];
  }
  return x.op('Pad', [value, x.b.ints(pads)]);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** All tuples of taps of some axes, the last axis fastest; one empty tuple for none. */
const product = (counts: readonly number[]): number[][] =>
  counts.reduce<number[][]>(
    (tuples, count) => tuples.flatMap((tuple) => range(count).map((tap) => [...tuple, tap])),
    [[]],
  );
