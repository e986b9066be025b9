import { describe, expect, it } from 'vitest';
import { LUT_SIZE } from '../../../../../preload/vocabulary.js';
import { applyLut, denoised, opaque } from '../../../../../renderer/features/train/pair-pixels.js';

describe('pixels of two models', () => {
  it('are the photo without what is removed, within what a pixel holds', () => {
    const image = Uint8Array.of(100, 5, 250, 7);
    const removed = Uint8Array.of(138, 148, 108, 0);
    expect([...denoised(image, removed)]).toEqual([90, 0, 255, 255]);
    expect([...opaque(image)]).toEqual([100, 5, 250, 255]);
    // The photo itself stays as it was.
    expect([...image]).toEqual([100, 5, 250, 7]);
  });

  it('are made sRGB by the table, between its colours too', () => {
    const table = new Uint8Array(4 * LUT_SIZE ** 3);
    const last = LUT_SIZE - 1;
    for (let b = 0, i = 0; b <= last; b++) {
      for (let g = 0; g <= last; g++) {
        // Red and blue change places, and green is halved.
        for (let r = 0; r <= last; r++, i += 4) {
          table.set([(255 * b) / last, (127.5 * g) / last, (255 * r) / last, 255], i);
        }
      }
    }
    const pixels = Uint8ClampedArray.of(200, 100, 10, 255, 255, 255, 255, 255, 0, 0, 0, 255, 37, 61, 149, 255);
    applyLut(pixels, table);
    const expected = [10, 50, 200, 255, 255, 127, 255, 255, 0, 0, 0, 255, 149, 30, 37, 255];
    for (const [index, value] of expected.entries()) expect(Math.abs(pixels[index]! - value)).toBeLessThanOrEqual(1);
  });
});
