import { intAttr } from '../model.js';
import { formatDims } from '../tensor.js';
import { requireFloat } from './elementwise.js';
import { broadcast, type NodeContext, type ShapeRule } from './rule.js';

/** Scale, bias, mean and variance have one entry per channel; statistics are constants (inference). */
export const batchNormalization: ShapeRule = (context) => {
  if (intAttr(context.node, 'training_mode', 0) !== 0) throw context.unsupported('training_mode is not supported');
  return perChannel(context, 4);
};

/** Scale and bias have one entry per channel. */
export const instanceNormalization: ShapeRule = (context) => perChannel(context, 2);

/** Normalizes over the axes from `axis` on; optional outputs are the mean and the inverse standard deviation. */
export const layerNormalization: ShapeRule = (context) => {
  const x = context.input(0);
  requireFloat(context);
  const axis = normalizedFrom(context);
  for (const index of [1, 2]) {
    const parameter = context.optional(index);
    if (parameter && formatDims(broadcast(context, [x.dims, parameter.dims])) !== formatDims(x.dims)) {
      throw context.shape(`input ${index} is ${formatDims(parameter.dims)}, larger than ${formatDims(x.dims)}`);
    }
  }
  const statistic = { type: 'float32', dims: x.dims.map((dim, i) => (i < axis ? dim : 1)) } as const;
  return [x, statistic, statistic];
};

/** The first axis that a LayerNormalization normalizes over. */
export function normalizedFrom(context: NodeContext): number {
  return context.axis(intAttr(context.node, 'axis', -1), context.input(0).dims.length);
}

function perChannel(context: NodeContext, parameters: number): ReturnType<ShapeRule> {
  const x = context.input(0);
  requireFloat(context);
  if (x.dims.length < 2) throw context.shape(`input is ${formatDims(x.dims)}, but must be N x C x spatial sizes`);
  for (let index = 1; index <= parameters; index++) {
    const { dims } = context.requireRank(index, 1);
    if (dims[0] !== x.dims[1]) throw context.shape(`input ${index} has ${dims[0]} entries for ${x.dims[1]} channels`);
  }
  return [x];
}
