import { describe, expect, it } from 'vitest';
import { meanShift, psnr } from '../../../../main/core/image/metrics.js';
import { addGaussianNoise } from '../../../../main/core/image/noise.js';
import type { PixelData, Pixels } from '../../../../main/core/image/pixels.js';
import { createRandom } from '../../../../main/core/image/random.js';

const flat = (channels: number, data: PixelData, value: number): Pixels => {
  data.fill(value);
  return { width: data.length / channels / 100, height: 100, channels, data };
};

const deviation = (image: Pixels): number => {
  const values = Array.from(image.data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

describe('addGaussianNoise', () => {
  it('adds noise of the asked standard deviation and no shift', () => {
    const grey = flat(3, new Uint8Array(300_000), 128);
    const noisy = addGaussianNoise(grey, 15, createRandom(1));
    // Rounding to integers adds a variance of 1/12.
    expect(deviation(noisy)).toBeCloseTo(Math.sqrt(15 ** 2 + 1 / 12), 0);
    expect(meanShift(grey, noisy).every((shift) => Math.abs(shift) < 0.2)).toBe(true);
    expect(psnr(grey, noisy)).toBeCloseTo(20 * Math.log10(255 / 15), 1);
  });

  it('takes sigma in 8-bit units for a 16-bit image', () => {
    const noisy = addGaussianNoise(flat(1, new Uint16Array(200_000), 32768), 15, createRandom(1));
    expect(deviation(noisy) / 257).toBeCloseTo(15, 0);
  });

  it('clips instead of wrapping', () => {
    const dark = addGaussianNoise(flat(1, new Uint8Array(10_000), 0), 25, createRandom(3));
    expect(Math.max(...dark.data)).toBeLessThan(140);
    expect(dark.data.filter((value) => value === 0).length).toBeGreaterThan(4_500);
    const bright = addGaussianNoise(flat(1, new Uint16Array(10_000), 65535), 25, createRandom(3));
    expect(Math.min(...bright.data)).toBeGreaterThan(30_000);
  });

  it('leaves the original and its alpha alone', () => {
    const image = flat(4, new Uint8Array(40_000), 200);
    const noisy = addGaussianNoise(image, 50, createRandom(9));
    expect(image.data.every((value) => value === 200)).toBe(true);
    expect(noisy.data.every((value, i) => i % 4 !== 3 || value === 200)).toBe(true);
    expect(noisy.data.some((value, i) => i % 4 === 2 && value !== 200)).toBe(true);
  });

  it('gives the same noise for the same seed', () => {
    const image = flat(3, new Uint8Array(3_000), 90);
    const first = addGaussianNoise(image, 25, createRandom(4));
    expect(addGaussianNoise(image, 25, createRandom(4))).toEqual(first);
    expect(addGaussianNoise(image, 25, createRandom(5))).not.toEqual(first);
    expect(addGaussianNoise(image, 0, createRandom(4))).toEqual(image);
  });
});
