import type { Area } from './preview-tiles.js';
import { STATISTICS_CELL_PX } from './statistics.js';

/** Side of the places that are measured, in pixels: enough for the estimator to see structure and noise apart. */
const SAMPLE_PX = 256;

/** Middles of the places, as shares of the photo's sides: those of its quarters, and its own where there is room. */
const PLACES = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
  [0.5, 0.5],
] as const;

/**
 * Places of a photo that stand for all of it, in whole cells of the statistics; none is in two of them. A photo that is
 * hardly larger than they are is measured whole.
 */
export function planSamples(width: number, height: number): Area[] {
  if (width * height <= PLACES.length * SAMPLE_PX ** 2) return [{ left: 0, top: 0, width, height }];
  const areas: Area[] = [];
  for (const [x, y] of PLACES) {
    const area = { ...axis('left', 'width', width, x), ...axis('top', 'height', height, y) };
    if (!areas.some((other) => overlaps(other, area))) areas.push(area);
  }
  return areas;
}

function axis<S extends string, L extends string>(
  startName: S,
  lengthName: L,
  length: number,
  middle: number,
): Record<S | L, number> {
  const size = Math.min(SAMPLE_PX, length);
  const start = Math.min(Math.max(0, middle * length - size / 2), length - size);
  const aligned = Math.floor(start / STATISTICS_CELL_PX) * STATISTICS_CELL_PX;
  return { [startName]: aligned, [lengthName]: size } as Record<S | L, number>;
}

function overlaps(a: Area, b: Area): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}
