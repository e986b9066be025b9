import { expect, it } from 'vitest';
import { DEFAULT_DENOISE } from '../../../../../preload/contract.js';
import { sameShown, type ShownSettings } from '../../../../../renderer/features/adjust/use-adjusted.js';
import { commonSettings } from '../../../../../renderer/state/adjust-target.js';

const other = { model: 'fast', strength: 0.5, luma: 0.4, chroma: 0.3, detail: 0.2, sigma: 7, fallback: 'none' };
const shown = (all: (typeof DEFAULT_DENOISE)[], base = DEFAULT_DENOISE): { shown: ShownSettings } => ({
  shown: { settings: commonSettings(all), all, base },
});

it('controls stand alike for photos of equal settings, each with an object of its own', () => {
  expect(sameShown(shown([DEFAULT_DENOISE]), shown([{ ...DEFAULT_DENOISE }]))).toBe(true);
  expect(sameShown(shown([other, DEFAULT_DENOISE]), shown([{ ...other }, { ...DEFAULT_DENOISE }]))).toBe(true);
});

it.each(Object.keys(other) as (keyof typeof other)[])('and do not where %s differs', (name) => {
  const changed = { ...DEFAULT_DENOISE, [name]: other[name] };
  expect(sameShown(shown([DEFAULT_DENOISE]), shown([changed]))).toBe(false);
  expect(sameShown(shown([DEFAULT_DENOISE]), shown([DEFAULT_DENOISE], changed))).toBe(false);
});

it('nor for another number of photos, since sliders may stand between them', () => {
  expect(sameShown(shown([other, DEFAULT_DENOISE]), shown([other, DEFAULT_DENOISE, other]))).toBe(false);
});
