import { describe, expect, it } from 'vitest';
import { bankNoiseOver, drawBankNoise } from '../../../../main/core/noise/bank.js';
import { findFlatPatches, NOISE_PATCH_PX } from '../../../../main/core/noise/flat-patches.js';
import type { NoiseCrop } from '../../../../main/core/noise/plane.js';
import { fitProfile, meanSigma, sigmaAt } from '../../../../main/core/noise/profile.js';
import { sampleRandom } from '../../../../main/core/noise/sample-random.js';
import { NOISE_FIELD_PX, spotNoise } from '../../../../main/core/noise/spot-noise.js';
import {
  evenAndStriped,
  knownBank,
  KNOWN_COMMON,
  KNOWN_CORRELATION,
  knownSigma,
  withKnownNoise,
} from '../../../support/flat-noise.js';

const picture = evenAndStriped(256, 256);
const noisy = withKnownNoise(picture, 1);
const patches = findFlatPatches([{ noisy, smooth: picture }], 200);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('findFlatPatches', () => {
  it('finds patches of the even part alone, of every brightness in it', () => {
    expect(patches.length).toBeGreaterThan(20);
    // The even steps are 0.2, 0.4, 0.6 and 0.8; stripes have a mean near 0.5 and would have a variance of 0.04.
    const levels = new Set(patches.map((patch) => Math.round(10 * patch.mean[0])));
    for (const level of [2, 4, 6, 8]) expect(levels).toContain(level);
    for (const { variance } of patches) expect(Math.max(...variance)).toBeLessThan(0.003);
  });

  it('gives residuals whose mean is 0 and whose variance is what it says', () => {
    const count = NOISE_PATCH_PX ** 2;
    for (const { residual, variance } of patches.slice(0, 10)) {
      const green = [...residual.subarray(count, 2 * count)];
      expect(mean(green)).toBeCloseTo(0, 6);
      expect(mean(green.map((value) => value * value))).toBeCloseTo(variance[1], 8);
    }
  });

  it('passes over what is black or white', () => {
    const dark = { ...noisy, data: noisy.data.map((value, i) => (i % 256 < 128 ? 0 : value)) };
    const smooth = { ...picture, data: picture.data.map((value, i) => (i % 256 < 128 ? 0 : value)) };
    // What is left are stripes; no patch of the black part may be among them.
    for (const patch of findFlatPatches([{ noisy: dark, smooth }], 200))
      expect(Math.min(...patch.mean)).toBeGreaterThan(0.1);
    const black = new Float32Array(3 * 256 * 256);
    expect(findFlatPatches([{ noisy: { ...noisy, data: black }, smooth: { ...picture, data: black } }], 200)).toEqual(
      [],
    );
  });

  it('keeps as many as are wanted, of all brightnesses', () => {
    const few = findFlatPatches([{ noisy, smooth: picture }], 8);
    expect(few).toHaveLength(8);
    expect(new Set(few.map((patch) => Math.round(10 * patch.mean[0]))).size).toBeGreaterThanOrEqual(4);
  });
});

describe('fitProfile', () => {
  const profile = fitProfile(patches);

  it('recovers how strong the noise is at each brightness', () => {
    for (const brightness of [0.2, 0.4, 0.6, 0.8]) {
      for (const channel of [0, 1, 2] as const) {
        const measured = sigmaAt(profile, channel, brightness);
        expect(Math.abs(measured / knownSigma(brightness) - 1), `${channel} at ${brightness}`).toBeLessThan(0.2);
      }
    }
  });

  it('recovers how it spreads along rows and down columns, and what channels have in common', () => {
    const { across, down } = profile.correlation;
    KNOWN_CORRELATION.forEach((known, lag) => {
      expect(Math.abs(across[lag]! - known)).toBeLessThan(0.08);
    });
    expect(Math.abs(down[1]!)).toBeLessThan(0.08);
    for (const channel of profile.channels) expect(Math.abs(channel - KNOWN_COMMON)).toBeLessThan(0.08);
  });

  it('goes on flat beyond the knots, and is one number where there is one patch', () => {
    expect(sigmaAt(profile, 1, 0)).toBe(profile.sigma[1][0]);
    expect(sigmaAt(profile, 1, 1)).toBe(profile.sigma[1].at(-1));
    const single = fitProfile(patches.slice(0, 1));
    expect(single.brightness).toHaveLength(1);
    expect(sigmaAt(single, 2, 0.1)).toBeCloseTo(Math.sqrt(patches[0]!.variance[2]), 8);
    expect(meanSigma(single)).toBeCloseTo(Math.sqrt(mean([...patches[0]!.variance])), 8);
  });
});

describe('spotNoise', () => {
  it('has the variance, the spread and the common part of the noise that it was made of', () => {
    const side = NOISE_FIELD_PX;
    const plane = side * side;
    const sums = { variance: 0, across: 0, down: 0, common: 0 };
    const fields = 10;
    for (let index = 0; index < fields; index++) {
      const field = spotNoise(patches, sampleRandom(3, 0, index));
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const value = field[y * side + x]!;
          sums.variance += value * value;
          // Periodic: the last pixel's neighbour is the first.
          sums.across += value * field[y * side + ((x + 1) % side)]!;
          sums.down += value * field[((y + 1) % side) * side + x]!;
          sums.common += value * field[plane + y * side + x]!;
        }
      }
    }
    expect(sums.variance / plane / fields).toBeGreaterThan(0.9);
    expect(sums.variance / plane / fields).toBeLessThan(1.1);
    expect(Math.abs(sums.across / sums.variance - KNOWN_CORRELATION[1])).toBeLessThan(0.1);
    expect(Math.abs(sums.down / sums.variance)).toBeLessThan(0.1);
    expect(Math.abs(sums.common / sums.variance - KNOWN_COMMON)).toBeLessThan(0.1);
  });
});

const SIDE = 96;

function evenCrop(brightness: number, grey = false): NoiseCrop {
  const samples = 3 * SIDE * SIDE;
  const clean = new Float32Array(samples).fill(brightness);
  return { side: SIDE, grey, clean, noisy: new Float32Array(samples), sigma: new Float32Array(samples) };
}

const deviation = ({ noisy, clean }: NoiseCrop): number =>
  Math.sqrt(mean([...noisy].map((value, i) => (value - clean[i]!) ** 2)));

describe('drawBankNoise', () => {
  const bank = knownBank();

  it('is as strong as was measured at the brightness of the crop, times the gain', () => {
    for (const brightness of [0.3, 0.7]) {
      for (const gain of [1, 1.5]) {
        const found = Array.from({ length: 12 }, (_, index) => {
          const crop = evenCrop(brightness);
          drawBankNoise(crop, { gain: [gain, gain] }, bank, sampleRandom(1, 0, index));
          expect(Math.abs(crop.sigma[7]! / (gain * knownSigma(brightness)) - 1)).toBeLessThan(0.25);
          return deviation(crop);
        });
        expect(Math.abs(mean(found) / (gain * knownSigma(brightness)) - 1)).toBeLessThan(0.25);
      }
    }
  });

  it('gives whole levels within [0,1], the same for the same stream', () => {
    const draw = (index: number): Float32Array => {
      const crop = evenCrop(0.99);
      drawBankNoise(crop, { gain: [0.5, 2] }, bank, sampleRandom(2, 0, index));
      return crop.noisy;
    };
    for (const value of draw(0)) {
      expect(value >= 0 && value <= 1 && Math.abs(255 * value - Math.round(255 * value)) < 1e-4).toBe(true);
    }
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('draws groups by their weights', () => {
    const quiet = { ...bank.groups[0]!, weight: 3, fields: [new Float32Array(3 * NOISE_FIELD_PX ** 2)] };
    const both = { groups: [quiet, bank.groups[0]!] };
    const noisyOnes = Array.from({ length: 200 }, (_, index) => {
      const crop = evenCrop(0.5);
      drawBankNoise(crop, { gain: [1, 1] }, both, sampleRandom(4, 0, index));
      return deviation(crop) > 0.01;
    }).filter(Boolean).length;
    expect(noisyOnes).toBeGreaterThan(25);
    expect(noisyOnes).toBeLessThan(80);
  });

  it('is over an image what it is in a crop: as strong as its brightness says', () => {
    const image = { width: 64, height: 48, data: new Float32Array(3 * 64 * 48).fill(0.6) };
    const noises = Array.from({ length: 10 }, (_, index) =>
      mean([...bankNoiseOver(bank.groups[0]!, image, sampleRandom(6, 0, index))].map((value) => value * value)),
    );
    expect(Math.abs(Math.sqrt(mean(noises)) / knownSigma(0.6) - 1)).toBeLessThan(0.25);
  });
});
