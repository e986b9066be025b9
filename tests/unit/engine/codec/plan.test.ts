import { describe, expect, it } from 'vitest';
import { planOutput } from '../../../../main/engine/codec/plan.js';
import type { PlanSource } from '../../../../main/engine/codec/plan.js';
import { DEFAULT_ENCODE } from '../../../../preload/contract.js';

const source = (part: Partial<PlanSource> = {}): PlanSource => {
  const depth = part.depth ?? 8;
  return {
    format: 'png',
    width: 100,
    height: 80,
    depth,
    hasAlpha: false,
    hasGreyProfile: false,
    significantBits: depth,
    lossless: false,
    ...part,
  };
};

describe('planOutput', () => {
  it.each([
    ['png', 16, 'keep', 16, 0],
    ['tiff', 8, 16, 16, 0],
    ['tiff', 16, 8, 8, 0],
    ['jpeg', 16, 'keep', 8, 1],
    ['jpeg', 8, 'keep', 8, 0],
    ['webp', 8, 16, 8, 1],
    ['avif', 16, 'keep', 12, 1],
    ['avif', 16, 8, 8, 0],
  ] as const)('stores %s from %i bits, asked for %s, in %i with %i notes', (format, depth, bitDepth, bits, notes) => {
    const plan = planOutput(source({ depth }), { ...DEFAULT_ENCODE, format, bitDepth });
    expect([plan.bits, plan.notes.length]).toEqual([bits, notes]);
    expect(plan.depth).toBe(bits === 8 ? 8 : 16);
  });

  it('keeps 10-bit AVIF at 10 bits without a word', () => {
    const plan = planOutput(source({ format: 'avif', depth: 16, significantBits: 10 }), DEFAULT_ENCODE);
    expect([plan.bits, plan.notes]).toEqual([10, []]);
  });

  it('keeps lossless WebP lossless, until a quality is asked for', () => {
    const webp = source({ format: 'webp', lossless: true });
    expect(planOutput(webp, DEFAULT_ENCODE).lossless).toBe(true);
    expect(planOutput(webp, { ...DEFAULT_ENCODE, quality: 80 })).toMatchObject({ lossless: false, quality: 80 });
  });

  it('says that a grey profile does not fit RGB', () => {
    const grey = source({ hasGreyProfile: true });
    expect(planOutput(grey, { ...DEFAULT_ENCODE, format: 'webp' }).notes).toEqual([expect.stringMatching(/grey ICC/)]);
    expect(planOutput(grey, { ...DEFAULT_ENCODE, format: 'jpeg' }).notes).toEqual([]);
  });

  it.each([
    ['webp', 16_384],
    ['avif', 16_385],
    ['jpeg', 65_536],
  ] as const)('refuses %s for a side of %i pixels, and says what to choose', (format, width) => {
    const plan = () => planOutput(source({ width }), { ...DEFAULT_ENCODE, format });
    expect(plan).toThrow(/choose PNG or TIFF/);
    expect(planOutput(source({ width }), { ...DEFAULT_ENCODE, format: 'png' }).notes).toEqual([]);
  });
});
