import { describe, expect, it } from 'vitest';
import { drawNoise, NOISE_KINDS, type NoiseKind, type NoiseMix } from '../../../../main/core/noise/mix.js';
import { measureSigma } from '../../../../main/core/noise/plane.js';
import { sampleRandom } from '../../../../main/core/noise/sample-random.js';
import { DataRecipe } from '../../../../preload/training/data-recipe.js';
import { knownBank } from '../../../support/flat-noise.js';
import { fingerprint, isGrey, pictureCrop } from '../../../support/noise-crops.js';

const { noise } = DataRecipe.parse({});
const bank = knownBank();

/** The recipe's mix with one kind alone. */
function only(kind: NoiseKind, changes: Partial<NoiseMix> = {}): NoiseMix {
  const alone = Object.fromEntries(NOISE_KINDS.map((name) => [name, { ...noise[name], share: name === kind ? 1 : 0 }]));
  return { ...noise, ...alone, ...changes };
}

function isWhole(samples: Float32Array): boolean {
  return samples.every((value) => value >= 0 && value <= 1 && Math.abs(value * 255 - Math.round(value * 255)) < 1e-3);
}

describe('drawNoise', () => {
  it('draws kinds by their shares', () => {
    const counts: Record<NoiseKind, number> = { gaussian: 0, channels: 0, grain: 0, camera: 0, bank: 0, masked: 0 };
    for (let i = 0; i < 2000; i++) counts[drawNoise(pictureCrop(16), noise, sampleRandom(1, 0, i))]++;
    for (const kind of NOISE_KINDS) expect(Math.abs(counts[kind] / 2000 - noise[kind].share)).toBeLessThan(0.05);
  });

  it.each(NOISE_KINDS)('draws %s alone where it alone has a share', (kind) => {
    for (let i = 0; i < 50; i++) expect(drawNoise(pictureCrop(16), only(kind), sampleRandom(2, 0, i), bank)).toBe(kind);
  });

  it.each(NOISE_KINDS)('gives the same %s for the same stream, and another for the next', (kind) => {
    const draw = (index: number) => {
      const crop = pictureCrop(32);
      drawNoise(crop, only(kind), sampleRandom(3, 7, index), bank);
      return fingerprint(crop.noisy, crop.sigma);
    };
    expect(draw(0)).toBe(draw(0));
    expect(draw(0)).not.toBe(draw(1));
  });

  it.each(NOISE_KINDS)('leaves grey grey under %s, stored in any way', (kind) => {
    for (let i = 0; i < 12; i++) {
      const crop = pictureCrop(48, true);
      drawNoise(crop, only(kind), sampleRandom(4, 0, i), bank);
      expect([isGrey(crop.noisy), isGrey(crop.sigma)]).toEqual([true, true]);
    }
  });

  it.each(['grain', 'camera'] as const)('measures the sigma of %s as it is stored', (kind) => {
    for (let i = 0; i < 8; i++) {
      const crop = pictureCrop(48);
      drawNoise(crop, only(kind), sampleRandom(5, 0, i));
      const told = crop.sigma.slice();
      measureSigma(crop);
      expect(fingerprint(told)).toBe(fingerprint(crop.sigma));
      expect(Math.max(...told)).toBeGreaterThan(0);
    }
  });

  it.each(['grain', 'camera'] as const)('stores %s in whole levels as JPEG, rounded, or not at all', (kind) => {
    const share = (changes: Partial<NoiseMix>): number => {
      let whole = 0;
      for (let i = 0; i < 100; i++) {
        const crop = pictureCrop(32);
        drawNoise(crop, only(kind, changes), sampleRandom(6, 0, i));
        if (isWhole(crop.noisy)) whole++;
      }
      return whole / 100;
    };
    const jpeg = { ...noise.jpeg, share: 0 };
    expect(share({ rounded: 0, jpeg })).toBe(0);
    expect(share({ rounded: 1, jpeg })).toBe(1);
    expect(Math.abs(share({ rounded: 0.5, jpeg }) - 0.5)).toBeLessThan(0.2);
    expect(share({ rounded: 0, jpeg: { ...jpeg, share: 1 } })).toBe(1);
    expect(Math.abs(share({ rounded: 0, jpeg: { ...jpeg, share: 0.5 } }) - 0.5)).toBeLessThan(0.2);
  });

  it('leaves Gaussian noise as it is drawn', () => {
    for (let i = 0; i < 20; i++) {
      const crop = pictureCrop(32);
      drawNoise(crop, only('gaussian', { jpeg: { ...noise.jpeg, share: 1 }, rounded: 1 }), sampleRandom(7, 0, i));
      expect(isWhole(crop.noisy)).toBe(false);
    }
  });
});
