import { describe, expect, it } from 'vitest';
import { agrees, allFinite, compareAnswers, IN_EIGHT_BITS } from '../../../../main/core/image/agreement.js';

const answer = (pixels: readonly number[], statistics: readonly number[], type: 'uint8' | 'uint16' = 'uint8') => ({
  result:
    type === 'uint8'
      ? ({ type, dims: [pixels.length], data: Uint8Array.from(pixels) } as const)
      : ({ type, dims: [pixels.length], data: Uint16Array.from(pixels) } as const),
  statistics: { type: 'float32', dims: [statistics.length], data: Float32Array.from(statistics) } as const,
});
const FLAT = Array<number>(100).fill(100);
const one = (value: number): number[] => [value, ...FLAT.slice(1)];

describe('the agreement of an accelerator with the processor', () => {
  it.each<[string, ReturnType<typeof answer>, boolean]>([
    ['the same', answer(FLAT, [1, 2]), true],
    ['a sample rounded otherwise', answer(one(101), [1, 2]), true],
    ['a few levels off in one place', answer(one(104), [1, 2]), true],
    ['many levels off in one place', answer(one(105), [1, 2]), false],
    ['one level off everywhere', answer(Array<number>(100).fill(101), [1, 2]), false],
    ['measurements a little off', answer(FLAT, [1.04, 2.05]), true],
    ['measurements far off', answer(FLAT, [1.2, 2]), false],
    ['measurements that are no numbers', answer(FLAT, [NaN, 2]), false],
    ['another size', answer(FLAT.slice(1), [1, 2]), false],
    ['another type', answer(FLAT, [1, 2], 'uint16'), false],
  ])('%s', (_, got, expected) => {
    expect(agrees(compareAnswers(got, answer(FLAT, [1, 2])))).toBe(expected);
  });

  it('allows 8 bits more, and not what sums that overflow come to', () => {
    const by = (most: number, everywhere = 0) =>
      agrees(
        compareAnswers(
          answer([100 + most, ...FLAT.slice(1).map((value) => value + everywhere)], [1]),
          answer(FLAT, [1]),
        ),
        IN_EIGHT_BITS,
      );
    expect([by(24), by(25), by(1, 1), by(2, 2)]).toEqual([true, false, true, false]);
  });

  it('measures samples of 16 bits in 8-bit units', () => {
    const deep = (value: number) => answer([value], [1], 'uint16');
    expect(compareAnswers(deep(257 * 3), deep(0)).maxDifference).toBeCloseTo(3, 6);
  });

  it('misses an output that is not there', () => {
    const { result } = answer(FLAT, [1]);
    expect(agrees(compareAnswers({ result }, answer(FLAT, [1])))).toBe(false);
  });

  it('takes measurements of nothing at all for the same', () => {
    expect(agrees(compareAnswers(answer(FLAT, [0, 0]), answer(FLAT, [0, 0])))).toBe(true);
    expect(agrees(compareAnswers(answer(FLAT, [0.1, 0]), answer(FLAT, [0, 0])))).toBe(false);
  });

  it('knows what is no number', () => {
    expect([1, NaN, Infinity, -Infinity].map((value) => allFinite(answer([1], [value])))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
