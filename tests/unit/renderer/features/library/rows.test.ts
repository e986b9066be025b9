import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allPlaced,
  contentHeight,
  firstRow,
  placeMore,
  rowsByPlace,
  rowsOnPage,
  rowTop,
  scrollToRow,
  type Placed,
  type Rows,
} from '../../../../../renderer/features/library/rows.js';

const rows: Rows = { count: 100, height: 50, edge: 10, view: 200, beyond: 2 };

const anyRows = fc.record({
  count: fc.nat(500),
  height: fc.integer({ min: 20, max: 300 }),
  edge: fc.nat(20),
  view: fc.integer({ min: 1, max: 900 }),
  beyond: fc.nat(4),
});

/** Somewhere that these rows can be scrolled to. */
const anyTop = (some: Rows, share: number): number => share * Math.max(0, contentHeight(some) - some.view);

function fill(before: Placed, some: Rows, top: number): Placed {
  return allPlaced(before, some, top) ? before : fill(placeMore(before, some, top, 2), some, top);
}

describe('the rows on the page', () => {
  it('are those in view and some on both sides', () => {
    expect(rowsOnPage(rows)).toBe(9);
    expect(firstRow(rows, 0)).toBe(0);
    expect(firstRow(rows, 1000)).toBe(17);
    expect(firstRow(rows, contentHeight(rows))).toBe(91);
  });

  it('are few when there are few', () => {
    expect(rowsByPlace({ ...rows, count: 3 }, 0)).toEqual([0, 1, 2]);
    expect(rowsByPlace({ ...rows, count: 0 }, 0)).toEqual([]);
  });

  it('hold all that is in view, wherever it is scrolled to', () => {
    fc.assert(
      fc.property(anyRows, fc.double({ min: 0, max: 1, noNaN: true }), (some, share) => {
        const top = anyTop(some, share);
        const placed = new Set(rowsByPlace(some, firstRow(some, top)));
        for (let row = 0; row < some.count; row++) {
          const isInView = rowTop(some, row) < top + some.view && rowTop(some, row) + some.height > top;
          if (isInView) expect(placed.has(row), `row ${row}`).toBe(true);
        }
      }),
    );
  });

  it('keep their places: a step gives one place another row', () => {
    const before = rowsByPlace(rows, 20);
    const after = rowsByPlace(rows, 21);
    expect(after.filter((row, place) => row !== before[place])).toEqual([29]);
  });
});

describe('filling them', () => {
  it('begins in the middle of the view and moves no more than it may', () => {
    const first = placeMore([], rows, 1000, 2);
    expect(first.filter((row) => row !== null).sort()).toEqual([21, 22]);
    expect(placeMore(first, rows, 1000, 2).filter((row) => row !== null)).toHaveLength(4);
  });

  it('ends with every row in its place, and leaves it at that', () => {
    fc.assert(
      fc.property(anyRows, fc.double({ min: 0, max: 1, noNaN: true }), (some, share) => {
        const there = fill(fill([], some, 0), some, anyTop(some, share));
        expect(there).toEqual(rowsByPlace(some, firstRow(some, anyTop(some, share))));
        expect(placeMore(there, some, anyTop(some, share), 2)).toBe(there);
      }),
    );
  });

  it('never has a row in two places', () => {
    const wide = fill([], rows, 1000);
    const low = placeMore(wide, { ...rows, view: 120 }, 1000, 2).filter((row) => row !== null);
    expect(new Set(low).size).toBe(low.length);
  });
});

describe('scrolling to a row', () => {
  it('goes nowhere when all of it is in view', () => {
    expect(scrollToRow(rows, 2, 20)).toBe(20);
  });
  it('goes up, or down, no further than it must', () => {
    expect(scrollToRow(rows, 2, 500)).toBe(100);
    expect(scrollToRow(rows, 0, 500)).toBe(0);
    expect(scrollToRow(rows, 99, 0)).toBe(contentHeight(rows) - rows.view);
  });
});
