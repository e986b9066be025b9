import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { drawGrain, type GrainMix } from '../../../../main/core/noise/grain.js';
import {
  autocorrelation,
  correlation,
  deviation,
  flatCrop,
  isGrey,
  mean,
  noiseOf,
} from '../../../support/noise-crops.js';

const SIDE = 192;
const mix: GrainMix = { sigma: [12, 12], blur: [0.9, 0.9], chroma: [0, 0], ends: [0.25, 0.25] };

function grainOn(level: number, changes: Partial<GrainMix> = {}, seed = 1) {
  const crop = flatCrop(SIDE, [level, level, level]);
  drawGrain(crop, { ...mix, ...changes }, createRandom(seed));
  return [0, 1, 2].map((c) => noiseOf(crop, c)) as [Float64Array, Float64Array, Float64Array];
}

describe('film grain', () => {
  it.each([
    [0.5, 1],
    [0.3, 0.25 + 0.75 * 0.84],
    [0.8, 0.25 + 0.75 * 0.64],
  ])('on %f has its sigma times the weight of the tone', (level, weight) => {
    const [red] = grainOn(level);
    // Clumps leave fewer independent samples than pixels.
    expect(Math.abs((deviation(red) * 255) / (12 * weight) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(red) * 255)).toBeLessThan(0.5);
  });

  it('keeps its sigma whatever the size of its clumps', () => {
    for (const blur of [0.4, 1.3]) {
      const [red] = grainOn(0.5, { blur: [blur, blur] });
      expect(Math.abs((deviation(red) * 255) / 12 - 1)).toBeLessThan(0.06);
    }
  });

  it('clumps as a Gaussian of its blur does', () => {
    const [red] = grainOn(0.5);
    // White noise blurred by s correlates by exp(-d^2 / (4 s^2)) over a distance of d.
    for (const distance of [1, 2]) {
      const expected = Math.exp(-(distance ** 2) / (4 * 0.81));
      expect(Math.abs(autocorrelation(red, SIDE, distance, 0) - expected)).toBeLessThan(0.05);
      expect(Math.abs(autocorrelation(red, SIDE, 0, distance) - expected)).toBeLessThan(0.05);
    }
  });

  it('is the same in all channels but for its chroma', () => {
    const [red, green] = grainOn(0.5);
    expect(correlation(red, green)).toBeGreaterThan(0.9999);
    const [own, other] = grainOn(0.5, { chroma: [0.3, 0.3] });
    expect(Math.abs(correlation(own, other) - 0.7)).toBeLessThan(0.05);
    expect(Math.abs((deviation(own) * 255) / 12 - 1)).toBeLessThan(0.05);
  });

  it('has no colour on a grey crop, and stays in [0,1]', () => {
    const crop = flatCrop(SIDE, [0.04, 0.04, 0.04], true);
    drawGrain(crop, { ...mix, sigma: [60, 60], ends: [1, 1], chroma: [0.5, 0.5] }, createRandom(1));
    expect(isGrey(crop.noisy)).toBe(true);
    expect(Math.min(...crop.noisy)).toBe(0);
  });
});
