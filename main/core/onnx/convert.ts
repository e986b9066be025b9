import { AppError } from '../errors.js';
import type { ElementType, Tensor } from './model.js';
import { ELEMENT_ARRAYS, isFloatType, tensor, toNumbers } from './tensor.js';

/**
 * A tensor's elements as another type: floats are rounded to float32, integers must fit.
 * @param label how messages call the tensor
 * @throws AppError 'input/unsupported' for numbers that the type cannot hold, and for float16
 */
export function convertTensor(source: Tensor, type: ElementType, label: string): Tensor {
  if (source.type === type) return source;
  if (type === 'float16') {
    throw new AppError('input/unsupported', `${label}: float16 inputs are not supported: export the model in float32`);
  }
  const { dims } = source;
  const refuse = (value: number | bigint): AppError =>
    new AppError('input/unsupported', `${label} holds ${value}, which is no ${type} as the model wants`);
  if (type === 'int64' || type === 'uint64') {
    const values = Array.from<number | bigint, bigint>(source.data, (value) => {
      if (typeof value === 'number' && !Number.isInteger(value)) throw refuse(value);
      return BigInt(value);
    });
    const converted = ELEMENT_ARRAYS[type].from(values);
    const wrong = values.find((value, index) => converted[index] !== value);
    if (wrong !== undefined) throw refuse(wrong);
    return tensor(type, dims, converted);
  }
  const values = toNumbers(source);
  if (type === 'bool')
    return tensor(
      type,
      dims,
      Uint8Array.from(values, (value) => Number(value !== 0)),
    );
  const converted = ELEMENT_ARRAYS[type].from(values);
  if (!isFloatType(type)) {
    const wrong = values.find((value, index) => converted[index] !== value);
    if (wrong !== undefined) throw refuse(wrong);
  }
  return tensor(type, dims, converted);
}
