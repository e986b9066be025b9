import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/core/errors.js';
import { compareImages, maxDifference, meanShift, psnr, ssim } from '../../../../main/core/image/metrics.js';
import type { Pixels } from '../../../../main/core/image/pixels.js';

type Formula = (x: number, y: number, c: number) => number;

const image8 = (width: number, height: number, channels: number, f: Formula): Pixels<Uint8Array> => ({
  width,
  height,
  channels,
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return Math.min(255, Math.max(0, f(pixel % width, Math.floor(pixel / width), i % channels)));
  }),
});

const to16 = (image: Pixels<Uint8Array>, add: Formula = () => 0): Pixels<Uint16Array> => ({
  ...image,
  data: Uint16Array.from(image.data, (value, i) => {
    const pixel = Math.floor(i / image.channels);
    const extra = add(pixel % image.width, Math.floor(pixel / image.width), i % image.channels);
    return Math.min(65535, value * 257 + extra);
  }),
});

const wave: Formula = (x, y, c) => Math.round(127.5 + 100 * Math.sin(x / 5) * Math.cos(y / 4) + c);
const speckle: Formula = (x, y, c) => ((x * 31 + y * 17 + c * 7) % 21) - 10;
const clean = image8(32, 24, 3, wave);
const noisy = image8(32, 24, 3, (x, y, c) => wave(x, y, c) + speckle(x, y, c));

describe('psnr', () => {
  it('is 10 log10(255^2 / 1) when every 8-bit sample is off by one', () => {
    const a = image8(4, 4, 3, () => 100);
    const b = image8(4, 4, 3, () => 101);
    expect(psnr(a, b)).toBeCloseTo(48.1308036, 6);
  });

  it('takes 65535 as the peak of 16-bit images', () => {
    const a = to16(image8(4, 4, 1, () => 100));
    const b = to16(
      image8(4, 4, 1, () => 100),
      () => 1,
    );
    expect(psnr(a, b)).toBeCloseTo(20 * Math.log10(65535), 6);
  });

  it('is infinite for identical images, of different depths too', () => {
    expect(psnr(clean, clean)).toBe(Infinity);
    expect(psnr(clean, to16(clean))).toBe(Infinity);
  });
});

describe('against an independent implementation in numpy and scipy', () => {
  it('agrees on 8-bit colour', () => {
    const result = compareImages(clean, noisy);
    expect(result.psnr).toBeCloseTo(32.487626657258716, 9);
    expect(result.ssim).toBeCloseTo(0.9613260689584795, 9);
    expect(result.maxDifference).toBe(10);
    [0.015625, 0.015625, -0.01171875].forEach((shift, c) => {
      expect(result.meanShift[c]).toBeCloseTo(shift, 9);
    });
  });

  it('agrees on 16-bit colour', () => {
    const result = compareImages(
      to16(clean),
      to16(noisy, (x, y) => (x * 3 + y) % 100),
    );
    expect(result.psnr).toBeCloseTo(32.48094686632943, 9);
    expect(result.ssim).toBeCloseTo(0.9613335408203737, 9);
    expect(result.maxDifference).toBeCloseTo(10.385214007782102, 9);
    [0.21242704, 0.21242704, 0.18508329].forEach((shift, c) => {
      expect(result.meanShift[c]).toBeCloseTo(shift, 8);
    });
  });
});

describe('ssim', () => {
  it('is 1 for identical images, however small', () => {
    expect(ssim(clean, clean)).toBe(1);
    for (const [width, height] of [
      [1, 1],
      [3, 200],
      [10, 11],
    ] as const) {
      const small = image8(width, height, 1, wave);
      expect(ssim(small, small)).toBeCloseTo(1, 12);
    }
  });

  it('of two flat images is the luminance term alone', () => {
    const a = image8(16, 16, 1, () => 100);
    const b = image8(16, 16, 1, () => 120);
    const c1 = 2.55 ** 2;
    expect(ssim(a, b)).toBeCloseTo((2 * 100 * 120 + c1) / (100 ** 2 + 120 ** 2 + c1), 9);
  });
});

describe('alpha', () => {
  const opaque = image8(8, 8, 4, (_x, _y, c) => (c === 3 ? 255 : 50));
  const faded = image8(8, 8, 4, (_x, _y, c) => (c === 3 ? 155 : 50));

  it('counts unless told not to', () => {
    expect(maxDifference(opaque, faded)).toBe(100);
    expect(meanShift(opaque, faded)).toEqual([0, 0, 0, -100]);
    expect(compareImages(opaque, faded, { ignoreAlpha: true })).toEqual({
      psnr: Infinity,
      ssim: 1,
      meanShift: [0, 0, 0],
      maxDifference: 0,
    });
  });

  it('of a grey image is the second channel', () => {
    const a = image8(2, 2, 2, (_x, _y, c) => (c === 1 ? 255 : 10));
    const b = image8(2, 2, 2, (_x, _y, c) => (c === 1 ? 0 : 13));
    expect(meanShift(a, b, { ignoreAlpha: true })).toEqual([3]);
  });
});

it('refuses images of different shape and names both shapes', () => {
  const attempt = () => psnr(image8(2, 3, 1, wave), image8(3, 2, 1, wave));
  expect(attempt).toThrow(AppError);
  expect(attempt).toThrow('2x3 with 1 channels, 3x2 with 1 channels');
});

it('measures a 6-megapixel photo in a few rows of memory', () => {
  const photo = { width: 3000, height: 2000, channels: 1, data: new Uint8Array(6_000_000).fill(9) };
  const before = process.memoryUsage().arrayBuffers;
  expect(ssim(photo, photo)).toBeCloseTo(1, 12);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
});
