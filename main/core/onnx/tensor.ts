import { AppError } from '../errors.js';
import type { ElementArrays, ElementType, Tensor, TensorOf } from './model.js';

/** Constructors of the arrays that hold each element type. */
export const ELEMENT_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const satisfies { [T in ElementType]: new (buffer: ArrayBuffer) => ElementArrays[T] };

const FLOAT_TYPES: ReadonlySet<ElementType> = new Set<ElementType>(['float16', 'float32', 'float64']);

/** Whether a type is a floating point type. */
export function isFloatType(type: ElementType): boolean {
  return FLOAT_TYPES.has(type);
}

/** Bytes of one element. */
export function elementSize(type: ElementType): number {
  return ELEMENT_ARRAYS[type].BYTES_PER_ELEMENT;
}

/** The number of elements of a shape; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** How messages write a shape: `64x32x3x3`, or `scalar`. */
export function formatDims(dims: readonly (number | string)[]): string {
  return dims.length === 0 ? 'scalar' : dims.join('x');
}

/** A tensor around existing data; AppError 'model/invalid' if the length is not the product of `dims`. */
export function tensor<T extends ElementType>(type: T, dims: readonly number[], data: ElementArrays[T]): Tensor {
  if (data.length !== elementCount(dims)) {
    throw new AppError('model/invalid', `tensor of ${data.length} elements cannot have the shape ${formatDims(dims)}`);
  }
  // TypeScript does not connect a generic T with the union that it indexes.
  return { type, dims, data } satisfies TensorOf<T> as unknown as Tensor;
}

/** A float32 tensor from plain numbers. */
export function float32Tensor(dims: readonly number[], values: Iterable<number>): Tensor {
  return tensor('float32', dims, Float32Array.from(values));
}

/** A one-dimensional int64 tensor: what shapes, axes, starts and pads are written in. */
export function int64Vector(values: readonly number[]): Tensor {
  return tensor('int64', [values.length], BigInt64Array.from(values, BigInt));
}

/** A tensor without dimensions that holds one number (float16 is not supported: its data are raw bits). */
export function scalarTensor(type: Exclude<ElementType, 'float16'>, value: number): Tensor {
  const data =
    type === 'int64' || type === 'uint64'
      ? ELEMENT_ARRAYS[type].of(BigInt(value))
      : ELEMENT_ARRAYS[type].of(type === 'bool' ? Number(value !== 0) : value);
  return tensor(type, [], data);
}

/** The elements as plain numbers; int64 beyond 2^53 is rounded, which is harmless for 'to the end' sentinels. */
export function toNumbers(source: Tensor): number[] {
  return Array.from<number | bigint, number>(source.data, Number);
}

/** The bytes of a tensor's data, little-endian as on every platform that the runtime supports; not a copy. */
export function bytesOf(source: Tensor): Uint8Array {
  return new Uint8Array(source.data.buffer, source.data.byteOffset, source.data.byteLength);
}
