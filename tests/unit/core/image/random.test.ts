import { describe, expect, it } from 'vitest';
import { createRandom, randomFromState } from '../../../../main/core/image/random.js';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe('xoshiro128**', () => {
  it("gives the authors' C program's numbers from state 1, 2, 3, 4", () => {
    const random = randomFromState([1, 2, 3, 4]);
    expect(take(10, random.uint32)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('gives the numbers of a C program with the same seeding', () => {
    const random = createRandom(42);
    expect(take(6, random.uint32)).toEqual([2837322924, 544945897, 479756282, 3500138142, 339756180, 113173290]);
  });

  it('gives different streams for neighbouring seeds, seed 0 included', () => {
    const firsts = [0, 1, 2, 3, -1].map((seed) => createRandom(seed).uint32());
    expect(new Set(firsts).size).toBe(5);
    expect(createRandom(7).uint32()).toBe(createRandom(7).uint32());
  });
});

describe('uniform', () => {
  it('fills [0, 1) evenly', () => {
    const random = createRandom(1);
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 160_000; i++) bins[Math.floor(random.uniform() * 16)]! += 1;
    // Chi-squared with 15 degrees of freedom: 37.7 is passed once in a thousand.
    const chiSquared = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(37.7);
  });
});

describe('normal', () => {
  it('has the moments of a standard normal', () => {
    const random = createRandom(5);
    const count = 400_000;
    const sums = [0, 0, 0, 0];
    let within = 0;
    for (let i = 0; i < count; i++) {
      const value = random.normal();
      for (let power = 0; power < 4; power++) sums[power]! += value ** (power + 1);
      if (Math.abs(value) < 1) within += 1;
    }
    const [mean, square, cube, fourth] = sums.map((sum) => sum / count);
    // Four standard errors each: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n).
    expect(mean).toBeCloseTo(0, 2);
    expect(Math.abs(square! - 1)).toBeLessThan(0.009);
    expect(Math.abs(cube!)).toBeLessThan(0.025);
    expect(Math.abs(fourth! - 3)).toBeLessThan(0.062);
    expect(within / count).toBeCloseTo(0.6827, 2);
  });
});
