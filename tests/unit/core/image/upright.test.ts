import { describe, expect, it } from 'vitest';
import { uprightRows, uprightSize } from '../../../../main/core/image/upright.js';

/** What viewers show of the stored pixels "abc / def" for each orientation, as EXIF's table has it. */
const SHOWN: Readonly<Record<number, string>> = {
  1: 'abc def',
  2: 'cba fed',
  3: 'fed cba',
  4: 'def abc',
  5: 'ad be cf',
  6: 'da eb fc',
  7: 'fc eb da',
  8: 'cf be ad',
};

const stored = (channels: number) => ({
  width: 3,
  height: 2,
  channels,
  data: Uint8Array.from({ length: 6 * channels }, (_, i) => 97 + Math.floor(i / channels) + 32 * (i % channels)),
});

describe('uprightRows', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i as viewers do, all at once and row by row', (orientation) => {
    const image = stored(1);
    const { width, height } = uprightSize(image, orientation);
    const text = (from: number, count: number): string =>
      Buffer.from(uprightRows(image, orientation, from, count, new Uint8Array(6))).toString();
    const rows = SHOWN[orientation]!.split(' ');
    expect(rows.map((row) => row.length)).toEqual(Array(height).fill(width));
    expect(text(0, height)).toBe(rows.join(''));
    expect(rows.map((_, y) => text(y, 1))).toEqual(rows);
  });

  it('keeps the channels of a pixel together', () => {
    const rows = uprightRows(stored(3), 6, 1, 1, new Uint8Array(18));
    expect([...rows]).toEqual([101, 133, 165, 98, 130, 162]);
  });
});
