import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE } from '../../../../preload/contract.js';
import { commonSettings, measuredSigma, targetOf } from '../../../../renderer/state/adjust-target.js';
import { photoEntry, photoId } from './photos.js';

const photos = new Map([1, 2, 3].map((number) => [photoId(number), photoEntry(number)]));

describe('what the sliders apply to', () => {
  it('is the selection in the grid, and the photo in view when comparing', () => {
    const selection = { selected: new Set([photoId(1), photoId(2)]), active: photoId(3) };
    expect(targetOf('library', selection, photos)).toEqual([photoId(1), photoId(2)]);
    expect(targetOf('compare', selection, photos)).toEqual([photoId(3)]);
    expect(targetOf('library', { selected: new Set(), active: photoId(3) }, photos)).toEqual([]);
  });

  it('leaves out photos that are no longer there', () => {
    const selection = { selected: new Set([photoId(1), photoId(9)]), active: photoId(9) };
    expect(targetOf('library', selection, photos)).toEqual([photoId(1)]);
    expect(targetOf('compare', selection, photos)).toEqual([]);
  });
});

describe('what the sliders show', () => {
  it('is a value where all agree, and nothing where they differ', () => {
    const first = { ...DEFAULT_DENOISE, strength: 0.5, sigma: null };
    const second = { ...DEFAULT_DENOISE, strength: 0.7, sigma: 12 };
    const third = { ...DEFAULT_DENOISE, strength: 0.5, sigma: null };
    expect(commonSettings([first, second, third])).toEqual({
      ...DEFAULT_DENOISE,
      strength: undefined,
      sigma: undefined,
    });
    expect(commonSettings([first, third])).toEqual(first);
  });

  it('keeps "Auto" apart from "differs"', () => {
    expect(commonSettings([DEFAULT_DENOISE]).sigma).toBeNull();
  });

  it('starts a noise level by hand from what was measured', () => {
    expect(measuredSigma([photoEntry(1, { noise: 10.04 }), photoEntry(2, { noise: 12 }), photoEntry(3)])).toBe(11);
    expect(measuredSigma([photoEntry(1)])).toBe(15);
  });
});
