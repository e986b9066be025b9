import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/core/errors.js';
import {
  featherWeight,
  mirrorIndex,
  planSquareTiles,
  planTiles,
  type Span,
} from '../../../../main/core/image/tiling.js';

const LIMITS = { overlap: 96, multiple: 8, maxArea: 1024 * 1024, maxSide: 2048 };

function expectCovers(spans: readonly Span[], length: number, overlap: number, multiple: number): void {
  let end = 0;
  spans.forEach((span, i) => {
    expect(span.start % multiple).toBe(0);
    if (i === 0) expect(span.start).toBe(0);
    else expect(end - span.start).toBeGreaterThanOrEqual(Math.min(overlap, length - span.start));
    end = span.start + span.size;
  });
  expect(end).toBe(length);
}

describe('planSquareTiles', () => {
  it('covers every picture with squares of the one side', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 9000 }),
      height: fc.integer({ min: 1, max: 9000 }),
      overlap: fc.integer({ min: 0, max: 120 }),
      multiple: fc.constantFrom(8, 16, 32),
      side: fc.constantFrom(256, 512, 1024),
    });
    fc.assert(
      fc.property(sizes, ({ width, height, ...limits }) => {
        const plan = planSquareTiles(width, height, limits);
        expect(plan).toMatchObject({ tileWidth: limits.side, tileHeight: limits.side });
        expectCovers(plan.columns, width, limits.overlap, limits.multiple);
        expectCovers(plan.rows, height, limits.overlap, limits.multiple);
        for (const { size } of [...plan.columns, ...plan.rows]) expect(size).toBeLessThanOrEqual(limits.side);
      }),
    );
  });

  it('takes no more tiles than are needed', () => {
    const count = (length: number): number =>
      planSquareTiles(length, 1, { side: 512, overlap: 96, multiple: 8 }).columns.length;
    expect([512, 513, 928, 929].map(count)).toEqual([1, 2, 2, 3]);
  });

  it('refuses a side that the overlap leaves nothing of', () => {
    expect(() => planSquareTiles(1000, 1000, { side: 96, overlap: 96, multiple: 8 })).toThrow(AppError);
  });
});

describe('planTiles', () => {
  it('takes a picture that fits as one tile, padded to the multiple', () => {
    const plan = planTiles(481, 321, LIMITS);
    expect(plan).toMatchObject({ tileWidth: 488, tileHeight: 328 });
    expect(plan.columns).toEqual([{ start: 0, size: 481 }]);
    expect(plan.rows).toEqual([{ start: 0, size: 321 }]);
  });

  it('covers every picture within the limits and with the overlap asked for', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 20_000 }),
      height: fc.integer({ min: 1, max: 20_000 }),
      overlap: fc.integer({ min: 0, max: 150 }),
      multiple: fc.constantFrom(8, 16, 32),
      side: fc.integer({ min: 384, max: 2048 }),
    });
    fc.assert(
      fc.property(sizes, ({ width, height, overlap, multiple, side }) => {
        const plan = planTiles(width, height, { overlap, multiple, maxArea: side * side, maxSide: 2 * side });
        expectCovers(plan.columns, width, plan.overlap, multiple);
        expectCovers(plan.rows, height, plan.overlap, multiple);
        expect(plan.overlap).toBeGreaterThanOrEqual(overlap);
        expect(plan.tileWidth % multiple).toBe(0);
        expect(plan.tileHeight % multiple).toBe(0);
        expect(plan.tileWidth * plan.tileHeight).toBeLessThanOrEqual(side * side);
        expect(Math.max(plan.tileWidth, plan.tileHeight)).toBeLessThanOrEqual(2 * side);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('computes little more than the picture: a 24-megapixel photo costs under 20 % extra', () => {
    const { columns, rows, tileWidth, tileHeight } = planTiles(6000, 4000, { ...LIMITS, maxArea: 1264 ** 2 });
    expect((columns.length * rows.length * tileWidth * tileHeight) / (6000 * 4000)).toBeLessThan(1.2);
  });

  it('refuses tiles that would be nothing but overlap, and says what size would do', () => {
    const tiny = { ...LIMITS, maxArea: 96 * 96, maxSide: 96 };
    expect(() => planTiles(500, 500, tiny)).toThrow(AppError);
    expect(() => planTiles(500, 500, tiny)).toThrow(/at least 192 px/);
  });
});

describe('mirrorIndex', () => {
  it('reflects about the first and last pixel without repeating them, however far outside', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((i) => mirrorIndex(i, 3))).toEqual([1, 2, 1, 0, 1, 2, 1, 0, 1, 2]);
    expect([0, 1, 7].map((i) => mirrorIndex(i, 1))).toEqual([0, 0, 0]);
  });
});

describe('featherWeight', () => {
  it('rises from 0 to 1, and the weights of two neighbours add up to 1', () => {
    for (const length of [1, 8, 96, 97]) {
      let before = 0;
      for (let i = 0; i < length; i++) {
        const weight = featherWeight(i, length);
        expect(weight).toBeGreaterThanOrEqual(before);
        expect(weight + featherWeight(length - 1 - i, length)).toBeCloseTo(1, 12);
        before = weight;
      }
    }
  });
});
