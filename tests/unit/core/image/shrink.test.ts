import { describe, expect, it } from 'vitest';
import { shrinkToRgb8 } from '../../../../main/core/image/shrink.js';

describe('shrinkToRgb8', () => {
  it('keeps 8-bit RGB of the same size', () => {
    const data = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 41) % 256);
    expect(shrinkToRgb8({ width: 5, height: 4, channels: 3, data }, { width: 5, height: 4 })).toEqual(data);
  });

  it('averages the area that a pixel covers', () => {
    const data = Uint8Array.from([10, 20, 30, 40, 50, 60]);
    const grey = { width: 3, height: 2, channels: 1, data };
    expect([...shrinkToRgb8(grey, { width: 1, height: 1 })]).toEqual([35, 35, 35]);
    // Each of two pixels covers one and a half.
    const [left, , , right] = shrinkToRgb8(grey, { width: 2, height: 1 });
    expect([left, right]).toEqual([Math.round((25 + 35 / 2) / 1.5), Math.round((35 / 2 + 45) / 1.5)]);
  });

  it('keeps the mean and averages noise out', () => {
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 100 + (Math.imul(i + 1, 0x9e3779b1) >>> 26));
    const small = shrinkToRgb8({ width: 64, height: 64, channels: 3, data }, { width: 9, height: 7 });
    const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(small) - mean(data))).toBeLessThan(0.5);
    expect(Math.max(...small) - Math.min(...small)).toBeLessThan(16);
  });

  it('drops alpha, repeats grey and rounds 16 bits', () => {
    const rgba = Uint8Array.from([1, 2, 3, 0, 4, 5, 6, 255]);
    const size = { width: 2, height: 1 };
    expect([...shrinkToRgb8({ ...size, channels: 4, data: rgba }, size)]).toEqual([1, 2, 3, 4, 5, 6]);
    const greyAlpha = Uint16Array.from([65535, 0, 257 * 7 + 129, 65535]);
    expect([...shrinkToRgb8({ ...size, channels: 2, data: greyAlpha }, size)]).toEqual([255, 255, 255, 8, 8, 8]);
  });
});
