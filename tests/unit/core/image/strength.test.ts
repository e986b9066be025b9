import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRemoval } from '../../../../main/core/image/strength.js';

const plan = (strength: number, luma = 1, chroma = 1, neutral = false, takesSigma = true) =>
  planRemoval({ strength, luma, chroma }, neutral, takesSigma);

describe('planRemoval', () => {
  it('removes nothing at strength 0, or when both parts are 0', () => {
    expect(plan(0)).toMatchObject({ identity: true });
    expect(plan(1, 0, 0)).toMatchObject({ identity: true });
    expect(plan(1, 0, 1, true)).toMatchObject({ identity: true });
    expect(plan(1, 0, 1)).toMatchObject({ identity: false, lumaWeight: 0, chromaWeight: 1 });
  });

  it('weighs up to 1 and raises sigma above', () => {
    expect(plan(0.5)).toMatchObject({ lumaWeight: 0.5, chromaWeight: 0.5, sigmaScale: 1, split: false });
    expect(plan(1.6)).toMatchObject({ lumaWeight: 1, chromaWeight: 1, sigmaScale: 1.6, split: false });
  });

  it('runs the net once unless luma and colour must be told of different noise', () => {
    expect(plan(1, 0.2, 0.9).split).toBe(false);
    expect(plan(1, 1, 1.5)).toMatchObject({ split: true, sigmaScale: 1, chromaSigmaScale: 1.5 });
    expect(plan(1, 0, 1.5)).toMatchObject({ split: false, sigmaScale: 1.5 });
    expect(plan(2, 1, 0.5, true).split).toBe(false);
  });

  it('cannot tell a net of more noise that takes no sigma', () => {
    expect(plan(2, 1, 0.7, false, false)).toMatchObject({ sigmaScale: 1, chromaSigmaScale: 1, split: false });
  });

  it('never gives a weight outside [0,1] or a scale below 1', () => {
    const slider = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(slider, slider, slider, fc.boolean(), fc.boolean(), (s, l, c, neutral, takesSigma) => {
        const result = plan(s, l, c, neutral, takesSigma);
        for (const weight of [result.lumaWeight, result.chromaWeight]) {
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(weight).toBeLessThanOrEqual(1);
        }
        expect(Math.min(result.sigmaScale, result.chromaSigmaScale)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
