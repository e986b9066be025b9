import type { PhotoId, PhotoView } from '../../../preload/contract.js';
import { TILE_PX } from '../../../preload/vocabulary.js';
import type { Box } from '../../elements/pan-zoom/viewport.js';
import { distanceTo } from './rects.js';

/** Which level of a photo is looked at, and which of its tiles. */

export interface Tile {
  readonly photo: PhotoId;
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

type Levels = Pick<PhotoView, 'photo' | 'levels'>;

export const tileKey = (tile: Tile): string => `${tile.photo}/${tile.level}/${tile.column}/${tile.row}`;

/** The level whose pixels are nearest in size to the screen's; above 100 % there is none finer than 0. */
export function levelFor(zoom: number, levels: number): number {
  return Math.min(levels - 1, Math.max(0, Math.round(Math.log2(1 / zoom))));
}

/** A rectangle of picture pixels, in pixels of a level. */
export function atLevel(box: Box, level: number): Box {
  const scale = 2 ** -level;
  return { left: box.left * scale, top: box.top * scale, width: box.width * scale, height: box.height * scale };
}

/** The rectangle of a level, in its own pixels, that a tile holds. */
export function tileRegion(view: Levels, tile: Tile): Box {
  const size = view.levels[tile.level]!;
  const left = tile.column * TILE_PX;
  const top = tile.row * TILE_PX;
  return { left, top, width: Math.min(TILE_PX, size.width - left), height: Math.min(TILE_PX, size.height - top) };
}

/** The tiles of a level that hold any of a rectangle of picture pixels, those nearest to its middle first. */
export function tilesIn(view: Levels, level: number, visible: Box): readonly Tile[] {
  const box = atLevel(visible, level);
  const size = view.levels[level]!;
  const last = (length: number, end: number): number =>
    Math.min(Math.ceil(length / TILE_PX), Math.ceil(end / TILE_PX)) - 1;
  const tiles: Tile[] = [];
  for (let row = Math.floor(box.top / TILE_PX); row <= last(size.height, box.top + box.height); row++) {
    for (let column = Math.floor(box.left / TILE_PX); column <= last(size.width, box.left + box.width); column++) {
      tiles.push({ photo: view.photo, level, column, row });
    }
  }
  const x = box.left + box.width / 2;
  const y = box.top + box.height / 2;
  const distance = (tile: Tile): number => distanceTo(tileRegion(view, tile), x, y);
  return tiles.sort((a, b) => distance(a) - distance(b));
}

/** The tiles to have for a view, in the order in which to fetch them: first the one that holds all of the photo. */
export function tilesToFetch(view: Levels, zoom: number, visible: Box): readonly Tile[] {
  const coarsest = view.levels.length - 1;
  const level = levelFor(zoom, view.levels.length);
  const whole = tilesIn(view, coarsest, visible);
  return level === coarsest ? whole : [...whole, ...tilesIn(view, level, visible)];
}

/**
 * The tiles to draw for a view, in the order in which to paint them: the wanted level over whatever coarser ones there
 * are, so that nothing is ever blank. Coarser ones are left out where the wanted level is complete.
 */
export function tilesToDraw(
  view: Levels,
  zoom: number,
  visible: Box,
  has: (tile: Tile) => boolean,
): { readonly tiles: readonly Tile[]; readonly complete: boolean } {
  const level = levelFor(zoom, view.levels.length);
  const wanted = tilesIn(view, level, visible);
  const present = wanted.filter(has);
  if (present.length === wanted.length) return { tiles: present, complete: true };
  const coarser: Tile[] = [];
  for (let at = view.levels.length - 1; at > level; at--) coarser.push(...tilesIn(view, at, visible).filter(has));
  return { tiles: [...coarser, ...present], complete: false };
}
