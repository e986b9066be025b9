import { describe, expect, it } from 'vitest';
import {
  noiseScaleTop,
  RAMPS,
  rampColour,
  rampGradient,
  rampTable,
} from '../../../../../renderer/features/compare/ramp.js';

/** CIE lightness of an sRGB colour. */
function lightness([r, g, b]: readonly [number, number, number]): number {
  const linear = (value: number): number => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

describe.each(Object.keys(RAMPS) as (keyof typeof RAMPS)[])('the ramp for %s', (name) => {
  it('grows lighter all the way, by even steps', () => {
    const steps = Array.from({ length: 17 }, (_, i) => lightness(rampColour(name, i / 16)));
    const differences = steps.slice(1).map((value, i) => value - steps[i]!);
    expect(Math.min(...differences)).toBeGreaterThan(0);
    expect(Math.max(...differences)).toBeLessThan(12);
  });

  it('is the same as a table and as a gradient', () => {
    const table = rampTable(name);
    expect(table).toHaveLength(1024);
    expect([...table.slice(0, 3)]).toEqual([...RAMPS[name][0]!]);
    expect([...table.slice(1020)]).toEqual([...RAMPS[name].at(-1)!, 255]);
    expect(rampGradient(name)).toContain(`rgb(${RAMPS[name][1]!.join(' ')})`);
  });
});

describe('noiseScaleTop', () => {
  const map = (levels: readonly number[]): Uint8Array =>
    Uint8Array.from(levels.flatMap((level) => [Math.round((level / 64) * 255), 0, 0, 255]));

  it('is a round number that nearly all blocks stay under', () => {
    expect(noiseScaleTop([map([1, 2, 3])])).toBe(4);
    expect(noiseScaleTop([map([1, 2]), map([11])])).toBe(16);
    expect(noiseScaleTop([map([...Array<number>(200).fill(7), 60])])).toBe(8);
    expect(noiseScaleTop([map([64, 64])])).toBe(64);
    expect(noiseScaleTop([])).toBe(4);
  });
});
