import type { Random } from '../../core/image/random.js';
import { AppError } from '../../core/errors.js';
import type { Tensor, ValueInfo } from '../../core/onnx/model.js';
import { ELEMENT_ARRAYS, elementCount, isFloatType, tensor } from '../../core/onnx/tensor.js';

/** Noise for an input of fixed sizes: floats in [0, 1), as pixels are; integers and bools 0 or 1. */
export function noiseFor({ name, type, dims }: ValueInfo, random: Random): Tensor {
  if (type === 'float16') {
    throw new AppError('model/invalid', `the input '${name}' is float16: export the model in float32`);
  }
  const fixed = dims.map(Number);
  const length = elementCount(fixed);
  if (type === 'int64' || type === 'uint64') {
    const bits = Array.from({ length }, () => BigInt(random.uint32() % 2));
    return tensor(type, fixed, ELEMENT_ARRAYS[type].from(bits));
  }
  const next = isFloatType(type) ? random.uniform : (): number => random.uint32() % 2;
  return tensor(type, fixed, ELEMENT_ARRAYS[type].from(Array.from({ length }, next)));
}
