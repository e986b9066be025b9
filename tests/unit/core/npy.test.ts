import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../main/core/npy.js';

/** A file as NumPy writes it. */
function npy(
  descr: string,
  shape: string,
  data: ArrayBufferView,
  { fortran = false, version = 1, tail = 0 } = {},
): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`;
  const length = new Uint8Array(new Uint32Array([header.length]).buffer);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0],
    ...length.subarray(0, version === 1 ? 2 : 4),
    ...new TextEncoder().encode(header),
    ...bytes,
    ...new Uint8Array(tail),
  ]);
}

const big = (values: readonly number[], size: 4 | 8): DataView => {
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => {
    if (size === 4) view.setFloat32(i * 4, value);
    else view.setFloat64(i * 8, value);
  });
  return view;
};

describe('reading .npy', () => {
  it.each([
    ['<f4', Float32Array.of(1.5, -2), 'float32', [1.5, -2]],
    ['<f8', Float64Array.of(0.1, 2), 'float64', [0.1, 2]],
    ['>f4', big([1.5, -2], 4), 'float32', [1.5, -2]],
    ['>f8', big([0.1, -2], 8), 'float64', [0.1, -2]],
    ['<i4', Int32Array.of(-7, 7), 'int32', [-7, 7]],
    ['<i8', BigInt64Array.of(-7n, 2n ** 40n), 'int64', [-7n, 2n ** 40n]],
    ['|u1', Uint8Array.of(0, 255), 'uint8', [0, 255]],
    ['|b1', Uint8Array.of(0, 1), 'bool', [0, 1]],
    // 1, the least subnormal
    ['<f2', Uint16Array.of(0x3c00, 0x0001), 'float32', [1, 2 ** -24]],
    ['<f2', Uint16Array.of(0xfc00, 0xc500), 'float32', [-Infinity, -5]],
  ])('takes %s', (descr, data, type, values) => {
    const read = readNpy(npy(descr, '(2,)', data), 'a.npy');
    expect(read.type).toBe(type);
    expect(read.dims).toEqual([2]);
    expect([...read.data]).toEqual(values);
  });

  it('takes every version, scalars, empty arrays, and what follows an array', () => {
    for (const version of [1, 2, 3]) {
      const read = readNpy(npy('<f4', '(1, 2)', Float32Array.of(3, 4), { version, tail: 3 }), 'a');
      expect([read.dims, [...read.data]]).toEqual([
        [1, 2],
        [3, 4],
      ]);
    }
    expect(readNpy(npy('<f4', '()', Float32Array.of(3)), 'a').dims).toEqual([]);
    expect(readNpy(npy('<f4', '(0, 3)', new Float32Array(0)), 'a').data).toHaveLength(0);
  });

  it('puts Fortran order in rows', () => {
    // a[i][j][k] = 100 i + 10 j + k
    const values: number[] = [];
    for (let k = 0; k < 4; k++)
      for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) values.push(100 * i + 10 * j + k);
    const read = readNpy(npy('<f4', '(2, 3, 4)', Float32Array.from(values), { fortran: true }), 'a');
    const rows = [...read.data];
    expect(rows.slice(0, 6)).toEqual([0, 1, 2, 3, 10, 11]);
    expect(rows.at(-1)).toBe(123);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'input/empty', 'a.npy is empty: save it again with numpy.save'],
    ['text', new TextEncoder().encode('hello'), 'input/unsupported', 'a.npy is no .npy file'],
    ['an archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0), 'input/unsupported', 'is an archive (.npz)'],
    ['half a header', npy('<f4', '(2,)', new Float32Array(2)).subarray(0, 30), 'input/damaged', 'within its header'],
    ['half the data', npy('<f4', '(2, 3)', new Float32Array(5)), 'input/damaged', 'says 2x3 float32, 24 bytes, but 20'],
    ['objects', npy('|O', '(2,)', new Float32Array(4)), 'input/unsupported', "elements of type '|O'"],
    ['a later version', npy('<f4', '(2,)', new Float32Array(2), { version: 9 }), 'input/unsupported', 'version 9.0'],
  ])('refuses %s', (_, bytes, code, message) => {
    expect(() => readNpy(bytes, 'a.npy')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error,
    );
  });
});

describe('writing .npy', () => {
  it.each([[[]], [[5]], [[2, 3, 4]]])('gives what it reads: %j', (dims) => {
    const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i - 0.5);
    const bytes = writeNpy(dims, data);
    expect((bytes.length - data.byteLength) % 64).toBe(0);
    expect(bytes[bytes.length - data.byteLength - 1]).toBe(0x0a);
    expect(readNpy(bytes, 'a')).toMatchObject({ type: 'float32', dims, data });
  });

  it('writes the header that NumPy writes', () => {
    const text = (dims: number[]): string => new TextDecoder('latin1').decode(writeNpy(dims, new Float32Array(1)));
    expect(text([1])).toContain("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }");
    expect(text([])).toContain("'shape': (), }");
    expect(text([1, 1])).toContain("'shape': (1, 1), }");
  });
});
