import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { fillNormals } from '../../../../main/core/noise/normals.js';

const COUNT = 2_000_000;
const numbers = new Float32Array(COUNT);
fillNormals(numbers, createRandom(11));

/** Share of a standard normal below x: Abramowitz and Stegun 26.2.17, exact to 7.5e-8. */
function normalBelow(x: number): number {
  if (x < 0) return 1 - normalBelow(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const powers = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const series = powers.reduceRight((sum, factor) => (sum + factor) * t, 0);
  return 1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

describe('fillNormals', () => {
  // 3.4426 is where the tail begins.
  it.each([-4, -3.4426, -3, -2, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 2, 3, 3.4426, 4])(
    'has the share of a normal below %f',
    (x) => {
      const expected = normalBelow(x);
      const share = numbers.reduce((count, value) => count + (value < x ? 1 : 0), 0) / COUNT;
      const standardError = Math.sqrt((expected * (1 - expected)) / COUNT);
      expect(Math.abs(share - expected)).toBeLessThan(4.5 * standardError);
    },
  );

  it('has the moments of a normal', () => {
    const moment = (power: number): number => numbers.reduce((sum, value) => sum + value ** power, 0) / COUNT;
    const bound = (variance: number): number => 4.5 * Math.sqrt(variance / COUNT);
    expect(Math.abs(moment(1))).toBeLessThan(bound(1));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(bound(2));
    expect(Math.abs(moment(3))).toBeLessThan(bound(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(bound(96));
  });

  it('has no memory', () => {
    for (const lag of [1, 2, 3]) {
      let sum = 0;
      for (let i = lag; i < COUNT; i++) sum += numbers[i]! * numbers[i - lag]!;
      expect(Math.abs(sum / COUNT)).toBeLessThan(4.5 / Math.sqrt(COUNT));
    }
  });

  it('gives the same for the same seed', () => {
    const again = new Float32Array(1000);
    fillNormals(again, createRandom(11));
    expect(again).toEqual(numbers.subarray(0, 1000));
  });
});
