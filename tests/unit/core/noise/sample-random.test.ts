import { describe, expect, it } from 'vitest';
import { below, between, hashText, sampleRandom } from '../../../../main/core/noise/sample-random.js';

const firsts = (seed: number, step: number, index: number): number[] => {
  const random = sampleRandom(seed, step, index);
  return [random.uint32(), random.uint32(), random.uint32()];
};

describe('sampleRandom', () => {
  it('gives the same stream for the same seed, step and index', () => {
    expect(firsts(3, 1000, 15)).toEqual(firsts(3, 1000, 15));
  });

  it('gives other streams for any other', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 5; seed++) {
      for (let step = 0; step < 50; step++) {
        for (let index = 0; index < 16; index++) seen.add(firsts(seed, step, index)[0]!);
      }
    }
    // Of 4000 words of 32 bits, two are the same once in 500 times.
    expect(seen.size).toBe(4000);
  });

  it('does not confuse a seed with a step or an index', () => {
    const streams = [firsts(1, 2, 3), firsts(2, 1, 3), firsts(3, 2, 1), firsts(1, 3, 2)].map(String);
    expect(new Set(streams).size).toBe(4);
  });

  it('starts evenly: the first numbers of many streams are uniform', () => {
    const bins = new Array<number>(16).fill(0);
    for (let step = 0; step < 16_000; step++) bins[Math.floor(sampleRandom(1, step, 0).uniform() * 16)]! += 1;
    const chiSquared = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(37.7);
  });
});

describe('hashText', () => {
  it('spreads names that differ in a digit', () => {
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) bins[hashText(`IMG_${i}.JPG`) >>> 28]! += 1;
    const chiSquared = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(37.7);
  });
});

describe('what is drawn', () => {
  it('stays in its range and reaches its ends', () => {
    const random = sampleRandom(1, 0, 0);
    const values = Array.from({ length: 2000 }, () => between(random, [2, 5]));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(2);
    expect(Math.min(...values)).toBeLessThan(2.02);
    expect(Math.max(...values)).toBeLessThan(5);
    expect(Math.max(...values)).toBeGreaterThan(4.98);
    expect(new Set(Array.from({ length: 200 }, () => below(random, 3)))).toEqual(new Set([0, 1, 2]));
  });
});
