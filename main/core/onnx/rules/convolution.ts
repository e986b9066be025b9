import { intAttr, intsAttr, type ValueType } from '../model.js';
import { formatDims } from '../tensor.js';
import { requireFloat } from './elementwise.js';
import type { NodeContext, ShapeRule } from './rule.js';
import { autoPadOf, kernelExtent, kernelOf, splitPads, windowOf, type Window } from './window.js';

/** out = floor((in + pads - extent) / stride) + 1 */
export const conv: ShapeRule = (context) => {
  const x = spatialInput(context);
  const weight = context.input(1);
  const group = intAttr(context.node, 'group', 1);
  const [features, perGroup] = requireWeight(context, x, weight);
  if (group < 1 || perGroup * group !== x.dims[1]) {
    const groups = group === 1 ? '' : ` in ${group} groups`;
    throw context.shape(`weight is ${formatDims(weight.dims)}${groups}, input has ${x.dims[1]} channels`);
  }
  if (features % group !== 0) throw context.shape(`${features} output channels do not divide into ${group} groups`);
  requireBias(context, features);
  const window = convWindow(context);
  return [{ type: context.commonType(0, 1, 2), dims: [x.dims[0]!, features, ...slide(context, x, window)] }];
};

/** out = (in - 1) * stride + output_padding + extent - pads, or the attribute output_shape. */
export const convTranspose: ShapeRule = (context) => {
  const x = spatialInput(context);
  const weight = context.input(1);
  const group = intAttr(context.node, 'group', 1);
  const [channels, perGroup] = requireWeight(context, x, weight);
  if (channels !== x.dims[1]) {
    throw context.shape(`weight is ${formatDims(weight.dims)}, input has ${x.dims[1]} channels`);
  }
  if (group < 1 || channels % group !== 0) {
    throw context.shape(`${channels} input channels do not divide into ${group} groups`);
  }
  requireBias(context, perGroup * group);
  const window = convTransposeWindow(context);
  const full = transposedSizes(context, x.dims.slice(2), window);
  const sizes = full.map((size, axis) => size - window.padsBegin[axis]! - window.padsEnd[axis]!);
  if (sizes.some((size) => size < 1)) throw context.shape(`input ${formatDims(x.dims)} is too small for its pads`);
  return [{ type: context.commonType(0, 1, 2), dims: [x.dims[0]!, perGroup * group, ...sizes] }];
};

/** The window of a Conv node over its input. */
export function convWindow(context: NodeContext): Window {
  const spatial = context.input(0).dims.slice(2);
  return windowOf(context, spatial, kernelOf(context, spatial.length, context.input(1).dims.slice(2)));
}

/** The window of a ConvTranspose node, its pads resolved from `auto_pad` or `output_shape` where those are given. */
export function convTransposeWindow(context: NodeContext): Window {
  const spatial = context.input(0).dims.slice(2);
  const window = convWindow(context);
  const autoPad = autoPadOf(context);
  const target = intsAttr(context.node, 'output_shape', []);
  if (target.length === 0 && !autoPad.startsWith('SAME')) return window;
  const wanted = target.length > 0 ? target.slice(-spatial.length) : spatial.map((n, i) => n * window.strides[i]!);
  const totals = transposedSizes(context, spatial, window).map((size, axis) => size - wanted[axis]!);
  // With an output_shape and no SAME mode, the specification puts the odd pixel of padding at the beginning.
  return { ...window, ...splitPads(totals, autoPad === 'SAME_UPPER' ? autoPad : 'SAME_LOWER') };
}

function transposedSizes(context: NodeContext, spatial: readonly number[], window: Window): number[] {
  const extra = intsAttr(
    context.node,
    'output_padding',
    spatial.map(() => 0),
  );
  return spatial.map((size, axis) => {
    return (size - 1) * window.strides[axis]! + (extra[axis] ?? 0) + kernelExtent(window, axis);
  });
}

/** AveragePool and MaxPool; MaxPool's second output holds int64 indices. */
export const pool: ShapeRule = (context) => {
  const x = spatialInput(context);
  const dims = [...x.dims.slice(0, 2), ...slide(context, x, poolWindow(context))];
  return [
    { type: x.type, dims },
    { type: 'int64', dims },
  ];
};

/** The window of a pooling node over its input. */
export function poolWindow(context: NodeContext): Window {
  const spatial = context.input(0).dims.slice(2);
  return windowOf(context, spatial, kernelOf(context, spatial.length));
}

/** N x C x spatial sizes -> N x C x 1 x 1... */
export const globalPool: ShapeRule = (context) => {
  const x = spatialInput(context);
  return [{ type: x.type, dims: x.dims.map((dim, axis) => (axis < 2 ? dim : 1)) }];
};

function slide(context: NodeContext, x: ValueType, window: Window): number[] {
  const ceil = intAttr(context.node, 'ceil_mode', 0) !== 0;
  return x.dims.slice(2).map((size, axis) => {
    const stride = window.strides[axis]!;
    const padded = size + window.padsBegin[axis]! + window.padsEnd[axis]!;
    const steps = (padded - kernelExtent(window, axis)) / stride;
    if (steps < 0) {
      const kernel = window.kernel.join('x');
      throw context.shape(`input ${formatDims(x.dims)} is smaller than its ${kernel} kernel`);
    }
    if (!ceil) return Math.floor(steps) + 1;
    // A last window that would start past the input, wholly in the padding, is left out.
    const windows = Math.ceil(steps) + 1;
    return (windows - 1) * stride >= size + window.padsBegin[axis]! ? windows - 1 : windows;
  });
}

function spatialInput(context: NodeContext): ValueType {
  const x = context.input(0);
  requireFloat(context);
  if (x.dims.length < 3) throw context.shape(`input is ${formatDims(x.dims)}, but must be N x C x spatial sizes`);
  return x;
}

function requireWeight(context: NodeContext, x: ValueType, weight: ValueType): [number, number] {
  if (weight.dims.length !== x.dims.length) {
    throw context.shape(`weight is ${formatDims(weight.dims)}, input is ${formatDims(x.dims)}: ranks differ`);
  }
  return [weight.dims[0]!, weight.dims[1]!];
}

function requireBias(context: NodeContext, features: number): void {
  const bias = context.optional(2);
  if (bias && (bias.dims.length !== 1 || bias.dims[0] !== features)) {
    throw context.shape(`bias is ${formatDims(bias.dims)}, but there are ${features} output channels`);
  }
}
