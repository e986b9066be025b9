import { intAttr } from '../../onnx/model.js';
import { convTransposeWindow, convWindow } from '../../onnx/rules/convolution.js';
import { kernelExtent, type Window } from '../../onnx/rules/window.js';
import type { GradientContext, GradientRule } from '../rule.js';
import { weightGradient } from './weight-gradient.js';

/** Gradients of convolutions; g = dL/dy. Spatial axes may be any number; the weight is M x C/group x kernel. */

/**
 * y = x * W + b: dx = the transposed convolution of g with W; db = sum g; dW = the correlation of x with g.
 */
export const conv: GradientRule = (x) => {
  const window = convWindow(x.forward);
  const group = intAttr(x.node, 'group', 1);
  return [
    () => transposedConv(x, x.gradient(), x.input(1), window, group, x.inputDims(0).slice(2)),
    () => weightGradient(x, x.input(0), x.gradient(), window, group, x.inputDims(1).slice(2)),
    () => biasGradient(x),
  ];
};

/** y = the transposed convolution of x with W: dx = g * W; dW as of a convolution that takes g and gives x; db = sum g */
export const convTranspose: GradientRule = (x) => {
  const window = convTransposeWindow(x.forward);
  const group = intAttr(x.node, 'group', 1);
  return [
    () => cropTo(x, x.op('Conv', [x.gradient(), x.input(1)], attributesOf(window, group)), x.inputDims(0)),
    () => weightGradient(x, x.gradient(), x.input(0), window, group, x.inputDims(1).slice(2)),
    () => biasGradient(x),
  ];
};

function attributesOf({ strides, dilations, padsBegin, padsEnd }: Window, group: number) {
  return { strides, dilations, pads: [...padsBegin, ...padsEnd], group };
}

function biasGradient(x: GradientContext): string {
  const rank = x.dims(x.gradient()).length;
  return x.sum(x.gradient(), [...Array(rank).keys()].toSpliced(1, 1), false);
}

/** The spatial axes cut to the sizes of a shape. */
function cropTo(x: GradientContext, value: string, dims: readonly number[]): string {
  return dims.reduce((cut, size, axis) => (axis < 2 ? cut : x.slice(cut, axis, 0, size)), value);
}

/**
 * The transposed convolution that gives exactly `sizes`: pixels at the end that no window reached are made up for. With
 * strides of 1 it is a convolution with the kernel turned round, which the runtime does faster.
 */
function transposedConv(
  x: GradientContext,
  g: string,
  weight: string,
  window: Window,
  group: number,
  sizes: readonly number[],
): string {
  const { dilations, padsBegin, padsEnd, strides } = window;
  const reach = sizes.map((_, axis) => kernelExtent(window, axis) - 1);
  const inside = reach.every((pixels, axis) => padsBegin[axis]! <= pixels && padsEnd[axis]! <= pixels);
  if (group === 1 && inside && strides.every((stride) => stride === 1)) {
    const pads = [
      ...reach.map((pixels, axis) => pixels - padsBegin[axis]!),
      ...reach.map((pixels, axis) => pixels - padsEnd[axis]!),
    ];
    return x.op('Conv', [g, turned(x, weight)], { dilations, pads });
  }
  const from = x.dims(g).slice(2);
  const missing = sizes.map((size, axis) => {
    const full = (from[axis]! - 1) * strides[axis]! + reach[axis]! + 1;
    return size - (full - padsBegin[axis]! - padsEnd[axis]!);
  });
  const output_padding = missing.map((count) => Math.max(0, count));
  return x.op('ConvTranspose', [g, weight], { ...attributesOf(window, group), output_padding });
}

/** M x C x kernel -> C x M x the kernel turned round */
function turned(x: GradientContext, weight: string): string {
  const { b } = x;
  const axes = x
    .dims(weight)
    .slice(2)
    .map((_, axis) => axis + 2);
  const ends = axes.map(() => -(2 ** 31));
  const minus = axes.map(() => -1);
  const flip = x.op('Slice', [weight, b.ints(minus), b.ints(ends), b.ints(axes), b.ints(minus)]);
  return x.transpose(flip, [1, 0, ...axes]);
}
