import { AppError } from './errors.js';
import type { Tensor } from './onnx/model.js';
import { bytesOf, ELEMENT_ARRAYS, elementCount, formatDims, tensor } from './onnx/tensor.js';

/**
 * NumPy's file format for one array (numpy.lib.format, versions 1 to 3): a magic string, a header that is a Python
 * dictionary of `descr`, `fortran_order` and `shape`, and the elements.
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const; // \x93NUMPY
/** A zip archive, which is what np.savez writes. */
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04] as const;
/** The elements start at a multiple of this many bytes. */
const ALIGNMENT = 64;
const SAVE_AGAIN = 'save it again with numpy.save';

/** The element types that are read, by what follows the byte order in `descr`; float16 becomes float32. */
const TYPES = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
} as const;

interface Header {
  readonly type: (typeof TYPES)[keyof typeof TYPES];
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly dims: readonly number[];
  /** Where the elements start. */
  readonly offset: number;
}

/**
 * Reads an .npy file: elements in row-major order whatever their order in the file.
 * @param label how messages call the file
 * @throws AppError 'input/empty', 'input/damaged', 'input/unsupported' for what is no .npy file or has other elements
 */
export function readNpy(bytes: Uint8Array, label: string): Tensor {
  const header = readHeader(bytes, label);
  const { type, dims, offset } = header;
  const Elements = ELEMENT_ARRAYS[type];
  const length = elementCount(dims);
  const size = length * Elements.BYTES_PER_ELEMENT;
  const found = bytes.length - offset;
  if (found < size) {
    const wanted = `its header says ${formatDims(dims)} ${type}, ${size} bytes`;
    throw new AppError('input/damaged', `${label}: ${wanted}, but ${found} follow: ${SAVE_AGAIN}`);
  }
  // Copied, as the elements of a file may lie at any offset.
  const raw = Uint8Array.from(bytes.subarray(offset, offset + size));
  if (header.isBigEndian) swapBytes(raw, Elements.BYTES_PER_ELEMENT);
  const data = new Elements(raw.buffer);
  const ordered = header.isFortran && dims.length > 1 ? toRowMajor(data, dims) : data;
  if (type === 'float16') return tensor('float32', dims, Float32Array.from(ordered as Uint16Array, halfToNumber));
  return tensor(type, dims, type === 'bool' ? (ordered as Uint8Array).map((value) => Number(value !== 0)) : ordered);
}

/** Writes float32 elements as an .npy file of version 1, little-endian and row-major. */
export function writeNpy(dims: readonly number[], data: Float32Array): Uint8Array {
  const shape = dims.length === 1 ? `(${dims[0]!},)` : `(${dims.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const prefix = MAGIC.length + 4;
  const total = Math.ceil((prefix + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(total + data.byteLength);
  const headerLength = total - prefix;
  bytes.set([...MAGIC, 1, 0, headerLength & 0xff, headerLength >> 8]);
  bytes.set(ascii(`${text.padEnd(headerLength - 1)}\n`), prefix);
  bytes.set(bytesOf(tensor('float32', dims, data)), total);
  return bytes;
}

function readHeader(bytes: Uint8Array, label: string): Header {
  if (bytes.length === 0) throw new AppError('input/empty', `${label} is empty: ${SAVE_AGAIN}`);
  if (startsWith(bytes, ZIP_MAGIC)) {
    throw new AppError('input/unsupported', `${label} is an archive (.npz): save the one array with numpy.save`);
  }
  if (!startsWith(bytes, MAGIC.slice(0, bytes.length))) {
    throw new AppError('input/unsupported', `${label} is no .npy file: ${SAVE_AGAIN}`);
  }
  const damaged = (what: string): AppError => new AppError('input/damaged', `${label}: ${what}: ${SAVE_AGAIN}`);
  const [major, minor] = [bytes[6], bytes[7]];
  if (major === undefined || minor === undefined) throw damaged('it ends within its header');
  if (major < 1 || major > 3) {
    throw new AppError('input/unsupported', `${label}: version ${major}.${minor} of the .npy format is not known`);
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const start = MAGIC.length + 2 + lengthBytes;
  const length = bytes.subarray(start - lengthBytes, start).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  if (bytes.length < start + length) throw damaged('it ends within its header');
  const text = latin1(bytes.subarray(start, start + length));

  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  if (descr === undefined && /['"]descr['"]\s*:\s*\[/.test(text)) {
    throw new AppError('input/unsupported', `${label} holds records with fields: save one array of numbers`);
  }
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw damaged('its header does not say descr, fortran_order and shape');
  }
  const dims = (shape.match(/\d+/g) ?? []).map(Number);
  if (!Number.isSafeInteger(elementCount(dims) * 8)) throw damaged(`its shape is ${formatDims(dims)}`);
  return { ...elementType(descr, label), isFortran: order === 'True', dims, offset: start + length };
}

function elementType(descr: string, label: string): Pick<Header, 'type' | 'isBigEndian'> {
  const match = /^([<>|=]?)(\w+)$/.exec(descr === '|b1' || descr === '?' ? '|b1' : descr);
  const [, byteOrder, code = ''] = match ?? [];
  if (!Object.hasOwn(TYPES, code)) {
    const known = 'float16, float32, float64, integers and bool are read';
    throw new AppError('input/unsupported', `${label} holds elements of type '${descr}': ${known}`);
  }
  return { type: TYPES[code as keyof typeof TYPES], isBigEndian: byteOrder === '>' };
}

/** Elements whose first axis is the fastest, as ones whose last axis is. */
function toRowMajor<T extends Tensor['data']>(data: T, dims: readonly number[]): T {
  const result = data.slice() as T;
  const strides = dims.map((_, axis) => elementCount(dims.slice(0, axis)));
  const index = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      from -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function swapBytes(raw: Uint8Array, size: number): void {
  if (size === 1) return;
  for (let at = 0; at < raw.length; at += size) raw.subarray(at, at + size).reverse();
}

/** The number that 16 bits of IEEE 754 stand for. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte);

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Headers are ASCII, but for the names of fields, which do not matter here. */
const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
