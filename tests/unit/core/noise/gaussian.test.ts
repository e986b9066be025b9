import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import {
  addGaussian,
  drawChannelGaussian,
  drawGaussian,
  type GaussianMix,
} from '../../../../main/core/noise/gaussian.js';
import {
  autocorrelation,
  correlation,
  deviation,
  flatCrop,
  isGrey,
  mean,
  noiseOf,
  pictureCrop,
} from '../../../support/noise-crops.js';

const SIDE = 96;
const PLANE = SIDE * SIDE;
const mix: GaussianMix = { sigma: [20, 40], low: { share: 0, sigma: [0, 5] }, clipped: 0 };

describe('addGaussian', () => {
  it('has its sigma, no mean and no correlation, in space or between channels', () => {
    const crop = pictureCrop(SIDE);
    addGaussian(crop, 25 / 255, createRandom(1));
    const noises = [0, 1, 2].map((c) => noiseOf(crop, c));
    for (const noise of noises) {
      // The standard errors of deviation and mean over 9216 samples are 0.7 % and 1 % of sigma.
      expect(Math.abs(deviation(noise) / (25 / 255) - 1)).toBeLessThan(0.03);
      expect(Math.abs(mean(noise) / (25 / 255))).toBeLessThan(0.045);
      expect(Math.abs(autocorrelation(noise, SIDE, 1, 0))).toBeLessThan(0.045);
      expect(Math.abs(autocorrelation(noise, SIDE, 0, 1))).toBeLessThan(0.045);
    }
    expect(Math.abs(correlation(noises[0]!, noises[1]!))).toBeLessThan(0.045);
    expect(Math.abs(correlation(noises[1]!, noises[2]!))).toBeLessThan(0.045);
    expect(new Set(crop.sigma)).toEqual(new Set([Math.fround(25 / 255)]));
  });

  it('is not clipped', () => {
    const crop = flatCrop(SIDE, [0, 0.5, 1]);
    addGaussian(crop, 50 / 255, createRandom(1));
    expect(Math.min(...crop.noisy)).toBeLessThan(-0.3);
    expect(Math.max(...crop.noisy)).toBeGreaterThan(1.3);
  });

  it('gives the three planes of a grey crop the same noise', () => {
    const crop = pictureCrop(SIDE, true);
    addGaussian(crop, 25 / 255, createRandom(1));
    expect(isGrey(crop.noisy)).toBe(true);
    expect(Math.abs(deviation(noiseOf(crop, 2)) / (25 / 255) - 1)).toBeLessThan(0.03);
  });
});

describe('drawGaussian', () => {
  it('draws sigma from its range, and its share from that of weak noise', () => {
    const random = createRandom(2);
    const sigmas = Array.from({ length: 400 }, () => {
      const crop = flatCrop(16, [0.5, 0.5, 0.5]);
      drawGaussian(crop, { ...mix, low: { share: 0.25, sigma: [0, 5] } }, random);
      return crop.sigma[0]! * 255;
    });
    const weak = sigmas.filter((sigma) => sigma <= 5);
    const strong = sigmas.filter((sigma) => sigma >= 20 && sigma <= 40);
    expect(weak.length + strong.length).toBe(400);
    expect(weak.length / 400).toBeGreaterThan(0.15);
    expect(weak.length / 400).toBeLessThan(0.35);
    expect(Math.max(...strong) - Math.min(...strong)).toBeGreaterThan(18);
  });

  it('clips its share, and says the sigma from before', () => {
    const random = createRandom(3);
    let clipped = 0;
    for (let i = 0; i < 200; i++) {
      const crop = flatCrop(16, [0, 0, 1]);
      drawGaussian(crop, { ...mix, sigma: [30, 30], clipped: 0.4 }, random);
      if (Math.min(...crop.noisy) >= 0 && Math.max(...crop.noisy) <= 1) clipped++;
      expect(crop.sigma[0]).toBe(Math.fround(30 / 255));
    }
    expect(clipped / 200).toBeGreaterThan(0.28);
    expect(clipped / 200).toBeLessThan(0.52);
  });
});

describe('drawChannelGaussian', () => {
  const channels = { sigma: [5, 50], varying: 0, factor: [0.2, 2], clipped: 0 } as const;

  it('gives each channel its own sigma', () => {
    const crop = flatCrop(SIDE, [0.5, 0.4, 0.6]);
    drawChannelGaussian(crop, channels, createRandom(4));
    const sigmas = [0, 1, 2].map((c) => crop.sigma[c * PLANE]!);
    expect(new Set(sigmas).size).toBe(3);
    sigmas.forEach((sigma, c) => {
      expect(Math.abs(deviation(noiseOf(crop, c)) / sigma - 1)).toBeLessThan(0.03);
      expect(new Set(crop.sigma.subarray(c * PLANE, (c + 1) * PLANE)).size).toBe(1);
    });
  });

  it('varies smoothly by a 3x3 grid, and the map is true everywhere', () => {
    const crop = flatCrop(SIDE, [0.5, 0.5, 0.5]);
    const total = new Float64Array(3 * PLANE);
    const expected = new Float64Array(3 * PLANE);
    const random = createRandom(5);
    for (let i = 0; i < 40; i++) {
      drawChannelGaussian(crop, { ...channels, sigma: [30, 30], varying: 1 }, random);
      // Noise over sigma is standard normal wherever the map is true.
      for (let k = 0; k < total.length; k++) {
        total[k]! += ((crop.noisy[k]! - crop.clean[k]!) / crop.sigma[k]!) ** 2;
        expected[k]! += crop.sigma[k]!;
      }
      const row = crop.sigma.subarray(20 * SIDE, 21 * SIDE);
      for (let x = 1; x < SIDE - 1; x++) {
        // Straight between the grid's lines, which are at the edges and in the middle.
        if (x === 47 || x === 48) continue;
        expect(row[x - 1]! + row[x + 1]! - 2 * row[x]!).toBeCloseTo(0, 6);
      }
    }
    for (const corner of [0, SIDE - 1, PLANE - SIDE, PLANE - 1, PLANE / 2 + SIDE / 2]) {
      const block: number[] = [];
      const [cx, cy] = [corner % SIDE, Math.floor(corner / SIDE)];
      for (let y = Math.max(0, cy - 5); y < Math.min(SIDE, cy + 6); y++) {
        for (let x = Math.max(0, cx - 5); x < Math.min(SIDE, cx + 6); x++) block.push(total[y * SIDE + x]! / 40);
      }
      expect(Math.abs(mean(block) - 1)).toBeLessThan(0.15);
    }
    expect(deviation(expected)).toBeGreaterThan(0);
  });

  it('draws one sigma for a grey crop', () => {
    const crop = pictureCrop(SIDE, true);
    drawChannelGaussian(crop, { ...channels, varying: 1 }, createRandom(6));
    expect([isGrey(crop.sigma), isGrey(crop.noisy)]).toEqual([true, true]);
  });
});
