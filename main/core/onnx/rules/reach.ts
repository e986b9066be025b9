import { moved, resample, union, type Field, type Reach } from '../field.js';
import { intAttr, stringAttr } from '../model.js';
import type { OpName } from '../ops.js';
import { elementCount } from '../tensor.js';
import { convTransposeWindow, convWindow, poolWindow } from './convolution.js';
import { blockSize, permutationOf, squeezedAxes, unsqueezedAxes } from './layout.js';
import { normalizedFrom } from './normalization.js';
import { keepsDims, reducedAxes, softmaxAxis } from './reduce.js';
import { resizeReach } from './resize-reach.js';
import type { NodeContext } from './rule.js';
import { padsOf, sliceRanges, splitAxis, splitSizes } from './select.js';
import type { Window } from './window.js';

/**
 * Derives what a node's output depends on from what its inputs depend on; `outputs` are the shapes of all its outputs.
 * One reach may be returned for all outputs alike.
 */
export type ReachRule = (
  context: NodeContext,
  inputs: readonly Reach[],
  outputs: readonly (readonly number[])[],
) => Reach | readonly Reach[];

/** A rule for operators of one data input: whatever else depends on the image makes the result depend on all of it. */
function ofData(rule: (field: Field, context: NodeContext) => Reach): ReachRule {
  return (context, [data = 'nowhere', ...others]) => {
    if (others.some((other) => other !== 'nowhere')) return 'everywhere';
    return typeof data === 'string' ? data : rule(data, context);
  };
}

/** Output position p depends on position p of each input, broadcast. */
const pointwise: ReachRule = (context, inputs, [output = []]) =>
  inputs.reduce<Reach>((result, reach, index) => {
    if (typeof reach === 'string') return union(result, reach);
    const { dims } = context.input(index);
    const axis = reach.axis + output.length - dims.length;
    const isBroadcast = dims[reach.axis] !== output[axis];
    return union(result, isBroadcast ? 'everywhere' : { ...reach, axis });
  }, 'nowhere');

const nowhere: ReachRule = () => 'nowhere';

/** Keeps every axis but those along which it mixes all positions. */
function mixing(axesOf: (context: NodeContext) => readonly number[]): ReachRule {
  return ofData((field, context) => (axesOf(context).includes(field.axis) ? 'everywhere' : field));
}

/** Mixes channels; `spatial` says what happens along the axes after them. */
function perSpatialAxis(spatial: (field: Field, context: NodeContext, axis: number) => Reach): ReachRule {
  return ofData((field, context) => {
    if (field.axis === 0) return field;
    return field.axis === 1 ? 'everywhere' : spatial(field, context, field.axis - 2);
  });
}

/** Output j reads j * stride - pad + k * dilation for each tap k. */
function sliding(windowOf: (context: NodeContext) => Window): ReachRule {
  return perSpatialAxis((field, context, axis) => {
    const window = windowOf(context);
    const stride = window.strides[axis]!;
    const offsets = tapOffsets(window, axis);
    return resample(field, 1, stride, (j) => offsets.map((offset) => j * stride - window.padsBegin[axis]! + offset));
  });
}

/** Output j reads each i for which j = i * stride - pad + k * dilation for some tap k. */
const transposed = perSpatialAxis((field, context, axis) => {
  const window = convTransposeWindow(context);
  const stride = window.strides[axis]!;
  const offsets = tapOffsets(window, axis);
  return resample(field, stride, 1, (j) =>
    offsets.map((offset) => (j + window.padsBegin[axis]! - offset) / stride).filter(Number.isInteger),
  );
});

function tapOffsets(window: Window, axis: number): number[] {
  return Array.from({ length: window.kernel[axis]! }, (_, k) => k * window.dilations[axis]!);
}

const depthToSpace = perSpatialAxis((field, context) => {
  const block = blockSize(context);
  return resample(field, block, 1, (j) => [Math.floor(j / block)]);
});

const spaceToDepth = perSpatialAxis((field, context) => {
  const block = blockSize(context);
  return resample(field, 1, block, (j) => [j * block, j * block + block - 1]);
});

/** An axis survives a reshape if it keeps its size and the axes before it keep their product. */
const reshape: ReachRule = (context, [data = 'nowhere'], [output = []]) => {
  if (typeof data === 'string') return data;
  const { dims } = context.input(0);
  const before = elementCount(dims.slice(0, data.axis));
  const axis = output.findIndex((size, i) => size === dims[data.axis] && elementCount(output.slice(0, i)) === before);
  return axis < 0 ? 'everywhere' : { ...data, axis };
};

const transpose = ofData((field, context) => ({ ...field, axis: permutationOf(context).indexOf(field.axis) }));

const squeeze = ofData((field, context) => withoutAxes(field, squeezedAxes(context)));

const unsqueeze = ofData((field, context) => {
  const added = unsqueezedAxes(context);
  const rank = context.input(0).dims.length + added.length;
  const kept = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !added.includes(axis));
  return { ...field, axis: kept[field.axis]! };
});

const reduce = ofData((field, context) => {
  const gone = reducedAxes(context);
  if (gone.includes(field.axis)) return 'everywhere';
  return keepsDims(context) ? field : withoutAxes(field, gone);
});

function withoutAxes(field: Field, gone: readonly number[]): Reach {
  if (gone.includes(field.axis)) return 'everywhere';
  return { ...field, axis: field.axis - gone.filter((axis) => axis < field.axis).length };
}

/** Padding that mirrors or repeats reads positions nearer to the output than the padding is: nothing to add. */
const pad = ofData((field, context) => {
  const amount = padsOf(context).begin[field.axis]!;
  if (stringAttr(context.node, 'mode', 'constant') === 'wrap') return amount === 0 ? field : 'everywhere';
  return moved(field, amount);
});

const slice = ofData((field, context) => {
  const range = sliceRanges(context).find(({ axis }) => axis === field.axis);
  if (range === undefined) return field;
  if (range.step < 0) return 'everywhere';
  return resample(field, 1, range.step, (j) => [range.start + j * range.step]);
});

const split: ReachRule = (context, [data = 'nowhere']) => {
  const sizes = splitSizes(context);
  if (typeof data === 'string' || data.axis !== splitAxis(context)) return data;
  return sizes.map((_, part) => moved(data, -elementSum(sizes.slice(0, part))));
};

/** Along the axis of the image itself only one part may depend on it: the others are borders of constants. */
const concat: ReachRule = (context, inputs) => {
  const axis = context.axis(intAttr(context.node, 'axis'), context.input(0).dims.length);
  const joined = inputs.reduce(union, 'nowhere');
  if (!inputs.some((reach) => typeof reach === 'object' && reach.axis === axis)) return joined;
  const parts = [...inputs.keys()].filter((index) => inputs[index] !== 'nowhere');
  if (parts.length > 1 || typeof joined === 'string') return 'everywhere';
  const before = context.inputs().slice(0, parts[0]);
  return moved(joined, elementSum(before.map(({ dims }) => dims[axis]!)));
};

function elementSum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const gather = ofData((field, context) => {
  const axis = context.axis(intAttr(context.node, 'axis', 0), context.input(0).dims.length);
  if (field.axis === axis) return 'everywhere';
  const added = context.input(1).dims.length - 1;
  return field.axis < axis ? field : { ...field, axis: field.axis + added };
});

/** Rows of the product come from rows of the left factor, columns from columns of the right one. */
const matMul: ReachRule = (context, inputs, [output = []]) =>
  inputs.reduce<Reach>((result, reach, index) => {
    if (typeof reach === 'string') return union(result, reach);
    const { dims } = context.input(index);
    const contracted = index === 0 ? dims.length - 1 : dims.length - 2;
    if (context.inputs().some((input) => input.dims.length < 2) || reach.axis === contracted) return 'everywhere';
    const axis = reach.axis + output.length - dims.length;
    return union(result, dims[reach.axis] === output[axis] ? { ...reach, axis } : 'everywhere');
  }, 'nowhere');

const gemm = ofData((field, context) => {
  const rows = intAttr(context.node, 'transA', 0) === 0 ? 0 : 1;
  return field.axis === rows ? { ...field, axis: 0 } : 'everywhere';
});

const from =
  (first: number) =>
  (context: NodeContext): number[] =>
    [...context.input(0).dims.keys()].filter((axis) => axis >= first);

/** What the output of every supported operator depends on: leaving one out does not compile. */
export const REACH_RULES: { readonly [P in OpName]: ReachRule } = {
  Abs: pointwise,
  Add: pointwise,
  And: pointwise,
  AveragePool: sliding(poolWindow),
  BatchNormalization: ofData((field) => field),
  Cast: pointwise,
  Clip: pointwise,
  Concat: concat,
  Constant: nowhere,
  Conv: sliding(convWindow),
  ConvTranspose: transposed,
  DepthToSpace: depthToSpace,
  DequantizeLinear: ofData((field) => field),
  Div: pointwise,
  Equal: pointwise,
  Erf: pointwise,
  Exp: pointwise,
  Expand: pointwise,
  Flatten: reshape,
  Floor: pointwise,
  Gather: gather,
  Gemm: gemm,
  GlobalAveragePool: mixing(from(2)),
  Greater: pointwise,
  GreaterOrEqual: pointwise,
  Identity: pointwise,
  InstanceNormalization: mixing(from(2)),
  LayerNormalization: mixing((context) => from(normalizedFrom(context))(context)),
  LeakyRelu: pointwise,
  Less: pointwise,
  LessOrEqual: pointwise,
  Log: pointwise,
  MatMul: matMul,
  Max: pointwise,
  MaxPool: sliding(poolWindow),
  Min: pointwise,
  Mul: pointwise,
  Neg: pointwise,
  Not: pointwise,
  PRelu: pointwise,
  Pad: pad,
  Pow: pointwise,
  QuantizeLinear: ofData((field) => field),
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceSum: reduce,
  Relu: pointwise,
  Reshape: reshape,
  Resize: ofData(resizeReach),
  Round: pointwise,
  Shape: nowhere,
  Sigmoid: pointwise,
  Sign: pointwise,
  Slice: slice,
  Softmax: mixing((context) => [softmaxAxis(context)]),
  Softplus: pointwise,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Sqrt: pointwise,
  Squeeze: squeeze,
  Sub: pointwise,
  Tanh: pointwise,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Where: pointwise,
};
