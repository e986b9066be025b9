import { AppError } from '../errors.js';
import type { ElementType, Tensor, TypedArray } from './model.js';
import { ELEMENT_ARRAYS, elementCount, elementSize, formatDims, tensor } from './tensor.js';

/** The fields of an ONNX TensorProto that may hold its elements; which one is used depends on type and exporter. */
export interface TensorFields {
  readonly rawData: Uint8Array;
  readonly floatData: readonly number[];
  readonly doubleData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly bigint[];
  readonly uint64Data: readonly bigint[];
}

/**
 * Builds a tensor from raw bytes or from the typed field that its element type uses.
 * AppError 'model/invalid' if the number of elements does not match `dims`.
 */
export function tensorFromFields(
  label: string,
  type: ElementType,
  dims: readonly number[],
  from: TensorFields,
): Tensor {
  const data = from.rawData.length > 0 ? fromRaw(label, type, from.rawData) : fromTyped(type, from);
  if (data.length !== elementCount(dims)) {
    const holds = `${data.length} elements, its shape is ${formatDims(dims)}`;
    throw new AppError('model/invalid', `${label} holds ${holds}`);
  }
  return tensor(type, dims, data);
}

function fromRaw(label: string, type: ElementType, raw: Uint8Array): TypedArray {
  if (raw.length % elementSize(type) !== 0) {
    throw new AppError('model/invalid', `${label} holds ${raw.length} bytes, no whole number of ${type} elements`);
  }
  // The decoder's bytes are a view into the file, at any offset: copy, both to align and to let the file go. Not with
  // slice(), which on a Node Buffer is another view.
  return new ELEMENT_ARRAYS[type](new Uint8Array(raw).buffer);
}

function fromTyped(type: ElementType, from: TensorFields): TypedArray {
  switch (type) {
    case 'float32':
      return Float32Array.from(from.floatData);
    case 'float64':
      return Float64Array.from(from.doubleData);
    case 'int64':
      return BigInt64Array.from(from.int64Data);
    case 'uint64':
      return BigUint64Array.from(from.uint64Data);
    case 'uint32':
      return Uint32Array.from(from.uint64Data, Number);
    case 'float16': // raw bits, one per int32
    case 'uint8':
    case 'int8':
    case 'uint16':
    case 'int16':
    case 'int32':
    case 'bool':
      return ELEMENT_ARRAYS[type].from(from.int32Data);
  }
}
