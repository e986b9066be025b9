import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRemoval, type PassWeights } from '../../../preload/contract.js';

const plan = (strength: number, luma = 1, chroma = 1, neutral = false) =>
  planRemoval({ strength, luma, chroma }, neutral);

describe('planRemoval', () => {
  it('removes nothing at strength 0, or when both parts are 0', () => {
    expect(plan(0).identity).toBe(true);
    expect(plan(1, 0, 0).identity).toBe(true);
    expect(plan(1, 0, 1, true).identity).toBe(true);
    expect(plan(1, 0, 1)).toMatchObject({ identity: false, luma: { first: 0 }, chroma: { first: 1 } });
  });

  it('weighs the first pass up to 1 and adds a second pass above', () => {
    expect(plan(0.5)).toMatchObject({ luma: { first: 0.5, second: 0 }, secondPass: false });
    expect(plan(1)).toMatchObject({ luma: { first: 1, second: 0 }, secondPass: false });
    expect(plan(1.25, 1, 0.8)).toMatchObject({ luma: { first: 1, second: 0.25 }, chroma: { first: 1, second: 0 } });
    expect(plan(2, 2, 0)).toMatchObject({ luma: { first: 1, second: 1 }, chroma: { first: 0, second: 0 } });
  });

  it('never removes less for a higher setting, nor more than there is', () => {
    const slider = fc.double({ min: 0, max: 2, noNaN: true });
    const total = (weights: PassWeights): number => weights.first + weights.second;
    fc.assert(
      fc.property(slider, slider, slider, slider, fc.boolean(), (strength, more, luma, chroma, neutral) => {
        const lower = plan(Math.min(strength, more), luma, chroma, neutral);
        const higher = plan(Math.max(strength, more), luma, chroma, neutral);
        for (const part of ['luma', 'chroma'] as const) {
          expect(total(higher[part])).toBeGreaterThanOrEqual(total(lower[part]));
          expect(total(higher[part])).toBeLessThanOrEqual(2);
          if (higher[part].second > 0) expect(higher[part].first).toBe(1);
        }
      }),
    );
  });
});
