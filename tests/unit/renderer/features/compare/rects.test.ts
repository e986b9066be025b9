import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../../../../preload/contract.js';
import {
  alignOut,
  areaOf,
  boundsOf,
  covers,
  intersect,
  subtract,
  subtractAll,
} from '../../../../../renderer/features/compare/rects.js';

const region = (left: number, top: number, width: number, height: number): Region => ({ left, top, width, height });
const anyRegion = fc.record({
  left: fc.nat(60),
  top: fc.nat(60),
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
});

const holds = (rect: Region, x: number, y: number): boolean =>
  x >= rect.left && y >= rect.top && x < rect.left + rect.width && y < rect.top + rect.height;

describe('subtract', () => {
  it('leaves a frame around a hole', () => {
    const left = subtract(region(0, 0, 10, 10), region(4, 4, 2, 2));
    expect(left).toHaveLength(4);
    expect(left.reduce((sum, rect) => sum + areaOf(rect), 0)).toBe(96);
  });

  it('leaves all of what does not touch', () => {
    expect(subtract(region(0, 0, 10, 10), region(10, 0, 5, 5))).toEqual([region(0, 0, 10, 10)]);
  });

  it('holds exactly the pixels that nothing else does, each once', () => {
    fc.assert(
      fc.property(anyRegion, fc.array(anyRegion, { maxLength: 6 }), (whole, others) => {
        const left = subtractAll(whole, others);
        for (let y = whole.top; y < whole.top + whole.height; y++) {
          for (let x = whole.left; x < whole.left + whole.width; x++) {
            const expected = others.some((other) => holds(other, x, y)) ? 0 : 1;
            expect(left.filter((rect) => holds(rect, x, y)).length).toBe(expected);
          }
        }
        expect(left.every((rect) => covers([whole], rect))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rectangles', () => {
  it('share what both hold', () => {
    expect(intersect(region(0, 0, 10, 10), region(5, 8, 10, 10))).toEqual(region(5, 8, 5, 2));
    expect(intersect(region(0, 0, 10, 10), region(10, 10, 1, 1))).toBeNull();
  });

  it('lie within their bounds', () => {
    expect(boundsOf([region(3, 4, 2, 2), region(10, 0, 1, 1)])).toEqual(region(3, 0, 8, 6));
  });

  it('grow to the grid and not beyond the picture', () => {
    expect(alignOut(region(9, 70, 3, 3), 64, { width: 100, height: 100 })).toEqual(region(0, 64, 64, 36));
    expect(alignOut({ left: 0.2, top: 0.2, width: 63.9, height: 1 }, 64, { width: 500, height: 500 })).toEqual(
      region(0, 0, 128, 64),
    );
    expect(alignOut(region(200, 0, 5, 5), 64, { width: 100, height: 100 })).toBeNull();
  });
});
