import { describe, expect, it } from 'vitest';
import type { PhotoId } from '../../../../../preload/contract.js';
import {
  levelFor,
  tileKey,
  tileRegion,
  tilesIn,
  tilesToDraw,
  tilesToFetch,
} from '../../../../../renderer/features/compare/levels.js';

const photo = 'photo0000000' as PhotoId;
const levels = [
  { width: 3000, height: 2001 },
  { width: 1500, height: 1001 },
  { width: 750, height: 501 },
  { width: 375, height: 251 },
];
const view = { photo, levels };
const all = { left: 0, top: 0, width: 3000, height: 2001 };

describe('levelFor', () => {
  it('takes the level whose pixels are nearest in size to those of the screen', () => {
    expect([16, 2, 1, 0.75, 0.7, 0.5, 0.3, 0.01].map((zoom) => levelFor(zoom, 4))).toEqual([0, 0, 0, 0, 1, 1, 2, 3]);
  });
});

describe('tilesIn', () => {
  it('holds every tile that has any of the rectangle, nearest to its middle first', () => {
    expect(tilesIn(view, 0, all)).toHaveLength(6 * 4);
    const some = tilesIn(view, 0, { left: 1000, top: 600, width: 600, height: 300 });
    expect(some.map(({ column, row }) => `${column},${row}`).sort()).toEqual(['1,1', '2,1', '3,1']);
    expect(some[0]).toMatchObject({ column: 2, row: 1 });
  });

  it('takes no tile beyond an edge that lies on the grid', () => {
    const square = { photo, levels: [{ width: 1024, height: 512 }] };
    expect(tilesIn(square, 0, { left: 0, top: 0, width: 1024, height: 512 })).toHaveLength(2);
  });

  it('knows what a tile at the edge holds', () => {
    expect(tileRegion(view, { photo, level: 0, column: 5, row: 3 })).toEqual({
      left: 2560,
      top: 1536,
      width: 440,
      height: 465,
    });
  });
});

describe('fetching and drawing', () => {
  it('fetches the one tile of the whole photo first', () => {
    const tiles = tilesToFetch(view, 1, { left: 1000, top: 600, width: 600, height: 300 });
    expect(tiles[0]).toMatchObject({ level: 3, column: 0, row: 0 });
    expect(tiles.slice(1).every((tile) => tile.level === 0)).toBe(true);
    expect(tilesToFetch(view, 0.1, all)).toHaveLength(1);
  });

  it('draws coarser tiles under finer ones until these are complete', () => {
    const here = { left: 1000, top: 600, width: 600, height: 300 };
    const known = new Set(['photo0000000/3/0/0', 'photo0000000/0/2/1']);
    const partly = tilesToDraw(view, 1, here, (tile) => known.has(tileKey(tile)));
    expect(partly.complete).toBe(false);
    expect(partly.tiles.map(tileKey)).toEqual([...known]);
    const complete = tilesToDraw(view, 1, here, () => true);
    expect(complete.complete).toBe(true);
    expect(complete.tiles.every((tile) => tile.level === 0)).toBe(true);
  });
});
