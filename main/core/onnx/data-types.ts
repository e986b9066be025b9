import type { ElementType } from './model.js';

/** The number that ONNX files, and Cast's `to`, use for each element type (TensorProto.DataType). */
export const ELEMENT_TYPE_CODES: { readonly [T in ElementType]: number } = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

/** The element type of each number; types that we do not support are absent. */
export const ELEMENT_TYPE_OF_CODE: ReadonlyMap<number, ElementType> = new Map(
  Object.entries(ELEMENT_TYPE_CODES).map(([type, code]) => [code, type as ElementType]),
);
