import { intAttr, intsAttr } from '../model.js';
import type { NodeContext, ShapeRule } from './rule.js';

/** Reduced axes become 1, or go if keepdims is 0. */
export const reduce: ShapeRule = (context) => {
  const x = context.input(0);
  const gone = reducedAxes(context);
  const dims = x.dims.map((dim, axis) => (gone.includes(axis) ? 1 : dim));
  return [{ type: x.type, dims: keepsDims(context) ? dims : dims.filter((_, axis) => !gone.includes(axis)) }];
};

/** The axes that a Reduce node sums over: an attribute or, in later operator sets, an input; all where none is named. */
export function reducedAxes(context: NodeContext): number[] {
  const rank = context.input(0).dims.length;
  const axes = context.optionalValues(1, 'the axes') ?? intsAttr(context.node, 'axes', []);
  if (axes.length > 0) return context.axes(axes, rank);
  return intAttr(context.node, 'noop_with_empty_axes', 0) ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Whether a Reduce node leaves axes of size 1 where it summed. */
export function keepsDims(context: NodeContext): boolean {
  return intAttr(context.node, 'keepdims', 1) !== 0;
}

/** The input's type and shape; `axis` must exist. */
export const softmax: ShapeRule = (context) => {
  const x = context.input(0);
  softmaxAxis(context);
  return [x];
};

/** The axis along which a Softmax sums to 1. */
export function softmaxAxis(context: NodeContext): number {
  return context.axis(intAttr(context.node, 'axis', -1), context.input(0).dims.length);
}
