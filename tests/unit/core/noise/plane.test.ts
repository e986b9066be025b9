import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { fillNormals } from '../../../../main/core/noise/normals.js';
import {
  blur,
  blurredDeviation,
  clip,
  gaussianTaps,
  measureSigma,
  roundTo8Bits,
  toGrey,
} from '../../../../main/core/noise/plane.js';
import { deviation, pictureCrop } from '../../../support/noise-crops.js';

describe('blur', () => {
  const taps = gaussianTaps(0.8);

  it('spreads a point by the taps in both directions', () => {
    const side = 15;
    const plane = new Float32Array(side * side);
    plane[7 * side + 7] = 1;
    blur(plane, side, taps);
    for (let y = -3; y <= 3; y++) {
      for (let x = -3; x <= 3; x++) {
        const expected = (taps[Math.abs(x)] ?? 0) * (taps[Math.abs(y)] ?? 0);
        expect(plane[(7 + y) * side + 7 + x]).toBeCloseTo(expected, 6);
      }
    }
  });

  it('has the width of its Gaussian', () => {
    const variance = gaussianTaps(1.3).reduce((sum, tap, i) => sum + 2 * tap * i * i, 0);
    // Cut off at three sigmas, a little is missing.
    expect(Math.sqrt(variance)).toBeGreaterThan(1.27);
    expect(Math.sqrt(variance)).toBeLessThan(1.3);
  });

  it('keeps an even plane, and mirrors at the edges', () => {
    const even = new Float32Array(100).fill(0.3);
    blur(even, 10, taps);
    for (const value of even) expect(value).toBeCloseTo(0.3, 6);
    const point = new Float32Array(100);
    point[0] = 1;
    point[1] = 1;
    blur(point, 10, taps);
    // The second sample is seen again on the other side of the first.
    expect(point[0]).toBeCloseTo(taps[0]! * (taps[0]! + 2 * taps[1]!), 6);
  });

  it('leaves of white noise what it says', () => {
    const side = 400;
    const plane = new Float32Array(side * side);
    fillNormals(plane, createRandom(2));
    blur(plane, side, taps);
    expect(deviation(plane) / blurredDeviation(taps)).toBeCloseTo(1, 1);
    expect(Math.abs(deviation(plane) / blurredDeviation(taps) - 1)).toBeLessThan(0.015);
  });
});

describe('measureSigma', () => {
  it('is the root mean square over the 13x13 pixels that lie in the crop', () => {
    const side = 32;
    const crop = pictureCrop(side);
    const random = createRandom(4);
    for (let i = 0; i < crop.noisy.length; i++) crop.noisy[i] = crop.clean[i]! + 0.1 * random.normal() + 0.02;
    measureSigma(crop);
    for (let c = 0; c < 3; c++) {
      for (const [x, y] of [
        [0, 0],
        [31, 31],
        [16, 16],
        [6, 7],
        [5, 30],
        [31, 0],
      ] as const) {
        let sum = 0;
        let count = 0;
        for (let v = Math.max(0, y - 6); v <= Math.min(side - 1, y + 6); v++) {
          for (let u = Math.max(0, x - 6); u <= Math.min(side - 1, x + 6); u++, count++) {
            const at = c * side * side + v * side + u;
            sum += (crop.noisy[at]! - crop.clean[at]!) ** 2;
          }
        }
        expect(crop.sigma[c * side * side + y * side + x]).toBeCloseTo(Math.sqrt(sum / count), 6);
      }
    }
  });

  it('is 0 where there is no noise', () => {
    const crop = pictureCrop(32);
    crop.noisy.set(crop.clean);
    crop.noisy[0]! += 0.5;
    measureSigma(crop);
    expect(crop.sigma[0]).toBeGreaterThan(0);
    expect(crop.sigma[20 * 32 + 20]).toBe(0);
    expect(crop.sigma[32 * 32]).toBe(0);
  });
});

describe('samples', () => {
  it('are clipped', () => {
    const samples = Float32Array.of(-0.5, 0, 0.25, 1, 1.5);
    clip(samples);
    expect([...samples]).toEqual([0, 0, 0.25, 1, 1]);
  });

  it('are rounded to the nearest level', () => {
    const samples = Float32Array.of(-1, 99.4 / 255, 99.6 / 255, 254.6 / 255, 7);
    roundTo8Bits(samples);
    expect(Array.from(samples, (value) => Math.round(value * 255 * 1e4) / 1e4)).toEqual([0, 99, 100, 255, 255]);
  });

  it('become luma', () => {
    const planes = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    toGrey(planes);
    const expected = [0.299, 0.587, 0.114];
    [...planes].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i % 3]!, 6);
    });
  });
});
