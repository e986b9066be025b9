import { intAttr, type ElementType } from '../model.js';
import { formatDims } from '../tensor.js';
import type { NodeContext, ShapeRule } from './rule.js';

/** The element types that 8-bit networks keep values in, with the least and largest number of each. */
export const QUANTIZED_RANGES = { uint8: [0, 255], int8: [-128, 127] } as const;

export type QuantizedType = keyof typeof QUANTIZED_RANGES;

const isQuantizedType = (type: ElementType): type is QuantizedType => Object.hasOwn(QUANTIZED_RANGES, type);

/** y = clip(round(x / scale) + zero): the type of the zero point, uint8 without one. */
export const quantizeLinear: ShapeRule = (context) => {
  const { type, dims } = context.input(0);
  if (type !== 'float32') throw context.shape(`input must be float32, not ${type}`);
  requireScale(context);
  return [{ type: quantizedType(context), dims }];
};

/** y = scale (x - zero): float32, of 8-bit numbers or of the 32-bit sums of a convolution's bias. */
export const dequantizeLinear: ShapeRule = (context) => {
  const { type, dims } = context.input(0);
  if (!isQuantizedType(type) && type !== 'int32') throw context.shape(`input must be 8-bit or int32, not ${type}`);
  const zero = context.optional(2);
  if (zero !== undefined && zero.type !== type) throw context.shape(`the zero point is ${zero.type}, not ${type}`);
  requireScale(context);
  return [{ type: 'float32', dims }];
};

/** The type that a QuantizeLinear gives. @throws AppError 'model/shape' if it is not an 8-bit one */
export function quantizedType(context: NodeContext): QuantizedType {
  const type = context.optional(2)?.type ?? 'uint8';
  if (!isQuantizedType(type)) throw context.shape(`the zero point must be uint8 or int8, not ${type}`);
  return type;
}

/** The axis along which each position has a scale of its own; null where one scale is for all. */
export function scaleAxis(context: NodeContext): number | null {
  if (context.input(1).dims.length === 0) return null;
  return context.axis(intAttr(context.node, 'axis', 1), context.input(0).dims.length);
}

/** One scale, or one for each position along the axis; the zero point alike. */
function requireScale(context: NodeContext): void {
  const scale = context.input(1);
  const zero = context.optional(2) ?? scale;
  if (scale.type !== 'float32') throw context.shape(`the scale must be float32, not ${scale.type}`);
  const axis = scaleAxis(context);
  const dims = axis === null ? [] : [context.input(0).dims[axis]!];
  for (const [what, given] of [
    ['scale', scale.dims],
    ['zero point', zero.dims],
  ] as const) {
    if (formatDims(given) !== formatDims(dims)) {
      throw context.shape(`the ${what} is ${formatDims(given)}, but must be ${formatDims(dims)}`);
    }
  }
}
