import { intAttr } from '../../onnx/model.js';
import { convTransposeWindow, convWindow } from '../../onnx/rules/convolution.js';
import { kernelExtent, type Window } from '../../onnx/rules/window.js';
import type { GradientContext, GradientRule } from '../rule.js';

/** Gradients of convolutions; g = dL/dy. Spatial axes may be any number; the weight is M x C/group x kernel. */

/**
 * y = x * W + b: dx = the transposed convolution of g with W; db = sum g; dW = the correlation of x with g, for which
 * batch and channels change places and strides and dilations too (Dumoulin and Visin 2016, arXiv:1603.07285).
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

/** The transposed convolution that gives exactly `sizes`: pixels at the end that no window reached are made up for. */
function transposedConv(
  x: GradientContext,
  g: string,
  weight: string,
  window: Window,
  group: number,
  sizes: readonly number[],
): string {
  const from = x.dims(g).slice(2);
  const missing = sizes.map((size, axis) => {
    const full = (from[axis]! - 1) * window.strides[axis]! + kernelExtent(window, axis);
    return size - (full - window.padsBegin[axis]! - window.padsEnd[axis]!);
  });
  const output_padding = missing.map((count) => Math.max(0, count));
  return x.op('ConvTranspose', [g, weight], { ...attributesOf(window, group), output_padding });
}

/** dW for a convolution of `input` that gave something with the gradient `g`, in the weight's shape. */
function weightGradient(
  x: GradientContext,
  input: string,
  g: string,
  window: Window,
  group: number,
  kernel: readonly number[],
): string {
  const [batch, channels] = x.dims(input) as [number, number];
  const features = x.dims(g)[1]!;
  const pointwise = kernel.every((size) => size === 1) && window.strides.every((stride) => stride === 1);
  if (pointwise && group === 1 && [...window.padsBegin, ...window.padsEnd].every((pads) => pads === 0)) {
    return x.reshape(pixelProduct(x, g, input), [features, channels, ...kernel]);
  }
  const spatial = [...kernel.keys()].map((axis) => axis + 2);
  const each = channels / group;
  // N x (group C) -> C x (group N), so that groups stay apart while batch and channels change places.
  const sizes = x.dims(input).slice(2);
  const split = x.reshape(input, [batch, group, each, ...sizes]);
  const swapped = x.transpose(split, [2, 1, 0, ...spatial.map((axis) => axis + 1)]);
  const correlated = x.op(
    'Conv',
    [x.reshape(swapped, [each, group * batch, ...sizes]), x.transpose(g, [1, 0, ...spatial])],
    {
      strides: window.dilations,
      dilations: window.strides,
      pads: [...window.padsBegin, ...window.padsEnd],
      group,
    },
  );
  // Pixels at the end that no window reached make the result larger than the kernel.
  const cut = cropTo(x, correlated, [each, features, ...kernel]);
  return x.transpose(cut, [1, 0, ...spatial]);
}

/** The product of two N x channels x pixels values over batch and pixels, as one product of matrices. */
function pixelProduct(x: GradientContext, a: string, b: string): string {
  const rows = (value: string, perm: readonly number[]): string => {
    const [n, c, ...sizes] = x.dims(value) as [number, number, ...number[]];
    const flat = x.transpose(x.reshape(value, [n, c, sizes.reduce((p, size) => p * size, 1)]), perm);
    const [p, q, r] = x.dims(flat) as [number, number, number];
    return x.reshape(flat, perm[0] === 1 ? [p, q * r] : [p * q, r]);
  };
  return x.op('MatMul', [rows(a, [1, 0, 2]), rows(b, [0, 2, 1])]);
}
