import { intAttr, intsAttr, stringAttr, tensorAttr } from '../model.js';
import { formatDims } from '../tensor.js';
import type { NodeContext, ShapeRule } from './rule.js';

/** The type and shape of the tensor in the attribute. */
export const constant: ShapeRule = (context) => {
  const { type, dims } = tensorAttr(context.node, 'value');
  return [{ type, dims }];
};

/** The sizes of the input, from `start` up to `end`, as int64. */
export const shape: ShapeRule = (context) => {
  const [start, end] = shapeRange(context);
  return [{ type: 'int64', dims: [Math.max(0, end - start)] }];
};

/** Which axes of its input a Shape node reports: from the first number up to the second. */
export function shapeRange(context: NodeContext): [number, number] {
  const rank = context.input(0).dims.length;
  const bound = (value: number): number => Math.min(rank, Math.max(0, value < 0 ? value + rank : value));
  return [bound(intAttr(context.node, 'start', 0)), bound(intAttr(context.node, 'end', rank))];
}

/** Inputs of one type whose shapes agree but along `axis`, where sizes add up. */
export const concat: ShapeRule = (context) => {
  const inputs = context.inputs();
  const first = context.input(0).dims;
  const axis = context.axis(intAttr(context.node, 'axis'), first.length);
  for (const { dims } of inputs) {
    if (dims.length !== first.length || dims.some((dim, i) => i !== axis && dim !== first[i])) {
      throw context.shape(`${formatDims(first)} and ${formatDims(dims)} cannot be joined along axis ${axis}`);
    }
  }
  const total = inputs.reduce((sum, input) => sum + input.dims[axis]!, 0);
  return [{ type: context.commonType(...inputs.keys()), dims: first.with(axis, total) }];
};

/** A run of positions along one axis: `count` of them, from `start` in steps of `step` (negative: backwards). */
export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The input's shape, with the number of positions taken along each sliced axis. */
export const slice: ShapeRule = (context) => {
  const x = context.input(0);
  const dims = sliceRanges(context).reduce((sizes, range) => sizes.with(range.axis, range.count), [...x.dims]);
  return [{ type: x.type, dims }];
};

/** The positions that a Slice takes along each axis it names, with ends past the input clamped to it. */
export function sliceRanges(context: NodeContext): SliceRange[] {
  const { dims } = context.input(0);
  const starts = context.values(1, 'the starts');
  const ends = context.values(2, 'the ends');
  const axes = context.axes(context.optionalValues(3, 'the axes') ?? [...starts.keys()], dims.length);
  const steps = context.optionalValues(4, 'the steps') ?? axes.map(() => 1);
  if (starts.length !== axes.length || ends.length !== axes.length || steps.length !== axes.length) {
    throw context.shape('starts, ends, axes and steps must have the same length');
  }
  return axes.map((axis, i) => {
    const size = dims[axis]!;
    const step = steps[i]!;
    if (step === 0) throw context.shape('a step may not be 0');
    const clamp = (value: number, low: number, high: number): number =>
      Math.min(high, Math.max(low, value < 0 ? value + size : value));
    const start = step > 0 ? clamp(starts[i]!, 0, size) : clamp(starts[i]!, 0, size - 1);
    const end = step > 0 ? clamp(ends[i]!, 0, size) : clamp(ends[i]!, -1, size - 1);
    return { axis, start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

/** The input's shape once per output, with that part's size along `axis`. */
export const split: ShapeRule = (context) => {
  const x = context.input(0);
  const axis = splitAxis(context);
  return splitSizes(context).map((size) => ({ type: x.type, dims: x.dims.with(axis, size) }));
};

/** The axis along which a Split cuts. */
export function splitAxis(context: NodeContext): number {
  return context.axis(intAttr(context.node, 'axis', 0), context.input(0).dims.length);
}

/** The sizes of a Split's outputs along its axis: as given, or equal with a smaller last one. */
export function splitSizes(context: NodeContext): readonly number[] {
  const size = context.input(0).dims[splitAxis(context)]!;
  const parts = context.node.outputs.length;
  const equal = Math.ceil(size / parts);
  const sizes =
    context.optionalValues(1, 'the sizes') ??
    Array.from({ length: parts }, (_, i) => Math.min(equal, size - equal * i));
  const total = sizes.reduce((sum, part) => sum + part, 0);
  if (sizes.length !== parts || total !== size || sizes.some((part) => part < 0)) {
    throw context.shape(`${size} entries cannot be split into ${parts} parts of [${sizes.join(', ')}]`);
  }
  return sizes;
}

/** The data's shape with `axis` replaced by the shape of the indices. */
export const gather: ShapeRule = (context) => {
  const data = context.input(0);
  const indices = context.input(1);
  if (indices.type !== 'int64' && indices.type !== 'int32') throw context.shape('indices must be int32 or int64');
  const axis = context.axis(intAttr(context.node, 'axis', 0), data.dims.length);
  return [{ type: data.type, dims: data.dims.toSpliced(axis, 1, ...indices.dims) }];
};

/** The input's sizes plus the pads at both ends. */
export const pad: ShapeRule = (context) => {
  const x = context.input(0);
  const { begin, end } = padsOf(context);
  const dims = x.dims.map((dim, axis) => dim + begin[axis]! + end[axis]!);
  if (dims.some((dim) => dim < 0)) throw context.shape(`${formatDims(x.dims)} is too small to cut its pads off`);
  return [{ type: x.type, dims }];
};

const PAD_MODES: ReadonlySet<string> = new Set(['constant', 'reflect', 'edge', 'wrap']);

/** What a Pad adds before and after each axis of its input; negative numbers cut. */
export function padsOf(context: NodeContext): { begin: number[]; end: number[] } {
  const mode = stringAttr(context.node, 'mode', 'constant');
  if (!PAD_MODES.has(mode)) throw context.invalid(`mode '${mode}' is not known`);
  const { dims } = context.input(0);
  const pads = context.values(1, 'the pads');
  const axes = context.axes(context.optionalValues(3, 'the axes') ?? [...dims.keys()], dims.length);
  if (pads.length !== axes.length * 2) {
    throw context.shape(`${pads.length} pads were given, but ${axes.length} axes need ${axes.length * 2}`);
  }
  const begin = dims.map(() => 0);
  const end = dims.map(() => 0);
  for (const [i, axis] of axes.entries()) {
    begin[axis] = pads[i]!;
    end[axis] = pads[i + axes.length]!;
  }
  return { begin, end };
}

/** out = floor(in * scale), or the sizes given. */
export const resize: ShapeRule = (context) => {
  const x = context.input(0);
  const policy = stringAttr(context.node, 'keep_aspect_ratio_policy', 'stretch');
  if (policy !== 'stretch') throw context.unsupported(`keep_aspect_ratio_policy '${policy}' is not supported`);
  const axes = context.axes(intsAttr(context.node, 'axes', [...x.dims.keys()]), x.dims.length);
  const scales = context.optionalValues(2, 'the scales');
  const sizes = context.optionalValues(3, 'the sizes');
  // Exporters write an empty tensor for the one that they do not use.
  const wanted = sizes?.length ? sizes : scales?.map((scale, i) => Math.floor(x.dims[axes[i] ?? 0]! * scale));
  if (wanted?.length !== axes.length) {
    throw context.shape(`scales or sizes must have ${axes.length} entries`);
  }
  const dims = axes.reduce((sizes, axis, i) => sizes.with(axis, wanted[i]!), [...x.dims]);
  if (dims.some((dim) => dim < 1)) throw context.shape(`${formatDims(x.dims)} would be resized to ${formatDims(dims)}`);
  return [{ type: x.type, dims }];
};
