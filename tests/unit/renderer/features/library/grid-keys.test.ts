import { describe, expect, it } from 'vitest';
import { nextCell } from '../../../../../renderer/features/library/grid-keys.js';

/*  0  1  2  3
 *  4  5  6  7
 *  8  9 10 11
 * 12 13            */
const shape = { count: 14, columns: 4, rows: 2 };

describe('the focus in the grid', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowLeft', 4, 3],
    ['ArrowDown', 1, 5],
    ['ArrowUp', 5, 1],
    ['PageDown', 1, 9],
    ['PageUp', 9, 1],
    ['Home', 6, 0],
    ['End', 6, 13],
  ])('goes with %s from %i to %i', (key, from, to) => {
    expect(nextCell(key, from, shape)).toBe(to);
  });

  it.each([
    ['ArrowLeft', 0, 0],
    ['ArrowUp', 2, 2],
    ['ArrowRight', 13, 13],
    ['ArrowDown', 13, 13],
    ['ArrowDown', 12, 12],
    ['Home', 0, 0],
    ['End', 13, 13],
  ])('stays at the edge: %s at %i', (key, from, to) => {
    expect(nextCell(key, from, shape)).toBe(to);
  });

  it('goes to the end of a shorter last row, and a page to the last row of its column', () => {
    expect(nextCell('ArrowDown', 11, shape)).toBe(13);
    expect(nextCell('PageDown', 9, shape)).toBe(13);
    expect(nextCell('PageDown', 11, shape)).toBe(11);
    expect(nextCell('PageUp', 6, shape)).toBe(2);
  });

  it('begins at the first photo, or with End at the last', () => {
    expect(nextCell('ArrowDown', -1, shape)).toBe(0);
    expect(nextCell('End', -1, shape)).toBe(13);
  });

  it('leaves other keys alone, and an empty grid', () => {
    expect(nextCell('x', 0, shape)).toBeNull();
    expect(nextCell('ArrowDown', -1, { ...shape, count: 0 })).toBeNull();
  });
});
