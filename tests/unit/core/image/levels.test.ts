import { describe, expect, it } from 'vitest';
import { Halver, levelSizes } from '../../../../main/core/image/levels.js';
import type { PixelData } from '../../../../main/core/image/pixels.js';

/** All rows of the next level, the rows of this one fed so many at a time. */
function halve(data: PixelData, width: number, channels: number, rowsAtOnce: number): number[] {
  const halver = new Halver(width, channels);
  const out: number[] = [];
  const step = rowsAtOnce * width * channels;
  for (let at = 0; at < data.length; at += step) out.push(...halver.push(data.subarray(at, at + step)));
  return [...out, ...halver.finish()];
}

describe('levelSizes', () => {
  it('halves, sides rounded up, until one level fits', () => {
    expect(levelSizes({ width: 1201, height: 800 }, 512)).toEqual([
      { width: 1201, height: 800 },
      { width: 601, height: 400 },
      { width: 301, height: 200 },
    ]);
    expect(levelSizes({ width: 512, height: 1 }, 512)).toEqual([{ width: 512, height: 1 }]);
    expect(levelSizes({ width: 1, height: 1025 }, 512).at(-1)).toEqual({ width: 1, height: 257 });
  });
});

describe('Halver', () => {
  it('takes the mean of four pixels, of what there is at odd borders, however the rows come', () => {
    const data = Uint8Array.from([0, 10, 20, 30, 40, 50, 60, 70, 81]);
    for (const rows of [1, 2, 3]) expect(halve(data, 3, 1, rows)).toEqual([20, 35, 65, 81]);
  });

  it('keeps full 16-bit values', () => {
    expect(halve(Uint16Array.from([65535, 65535, 65535, 65534, 1, 1, 1, 1]), 2, 1, 2)).toEqual([65535, 1]);
  });

  it('does not let what is transparent colour its surroundings', () => {
    // Opaque 200 beside transparent black: the mean is 200 at half the alpha.
    expect(halve(Uint8Array.from([200, 255, 0, 0, 200, 255, 0, 0]), 2, 2, 2)).toEqual([200, 128]);
    // Nothing is visible: the plain mean.
    expect(halve(Uint8Array.from([10, 0, 20, 0, 30, 0, 40, 0]), 2, 2, 2)).toEqual([25, 0]);
  });
});
