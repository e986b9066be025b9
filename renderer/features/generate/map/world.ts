import type { MapPoint, PhotoId } from '../../../../preload/contract.js';
import type { Point, Size } from '../../../elements/pan-zoom/viewport.js';

/** The map as a picture to pan and zoom: where photos lie on it, which is nearest, which are inside a line. Pure. */

/** Longer side of the picture, in its pixels: with room around the photos. */
const WORLD_PX = 2000;
const MARGIN_PX = 140;
/** The shorter side, at least: photos in a row still need room. */
const LEAST_SIDE_PX = 700;

export interface PlacedPhoto {
  readonly photo: PhotoId;
  readonly at: Point;
}

export interface World extends Size {
  readonly photos: readonly PlacedPhoto[];
  /** A point of the picture in the latent space's coordinates. */
  readonly toMap: (at: Point) => Point;
  readonly fromMap: (at: Point) => Point;
}

/** Lays photos out, both axes to the same scale, y upwards as on paper. */
export function layOut(points: readonly MapPoint[]): World {
  const range = (axis: 'x' | 'y'): readonly [low: number, high: number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const point of points) [low, high] = [Math.min(low, point[axis]), Math.max(high, point[axis])];
    return [low, high];
  };
  const [left, right] = range('x');
  const [bottom, top] = range('y');
  const longest = Math.max(right - left, top - bottom);
  const scale = longest > 0 ? (WORLD_PX - 2 * MARGIN_PX) / longest : 1;
  const side = (length: number): number => Math.max(LEAST_SIDE_PX, Math.round(scale * length) + 2 * MARGIN_PX);
  const width = side(right - left);
  const height = side(top - bottom);
  const middle = { x: (left + right) / 2, y: (bottom + top) / 2 };
  const fromMap = ({ x, y }: Point): Point => ({
    x: width / 2 + scale * (x - middle.x),
    y: height / 2 - scale * (y - middle.y),
  });
  return {
    width,
    height,
    photos: points.map(({ photo, x, y }) => ({ photo, at: fromMap({ x, y }) })),
    fromMap,
    toMap: ({ x, y }) => ({ x: middle.x + (x - width / 2) / scale, y: middle.y - (y - height / 2) / scale }),
  };
}

/** The photo nearest to a point, within a distance; null: none. */
export function nearestPhoto(photos: readonly PlacedPhoto[], to: Point, within = Infinity): PlacedPhoto | null {
  let best: PlacedPhoto | null = null;
  let least = within;
  for (const placed of photos) {
    const distance = Math.hypot(placed.at.x - to.x, placed.at.y - to.y);
    if (distance <= least) [best, least] = [placed, distance];
  }
  return best;
}

/** Whether a point is inside a line that is closed by its ends: crossings of a ray to the right, odd or even. */
export function isInside({ x, y }: Point, line: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const a = line[i]!;
    const b = line[j]!;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** So many points along a line, both ends included, at equal distances. */
export function pointsAlong(line: readonly Point[], count: number): Point[] {
  const lengths = line.slice(1).map((to, i) => Math.hypot(to.x - line[i]!.x, to.y - line[i]!.y));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (line.length === 0) return [];
  if (total === 0 || count < 2) return [line[0]!];
  return Array.from({ length: count }, (_, index) => {
    let left = (total * index) / (count - 1);
    for (const [i, length] of lengths.entries()) {
      if (left <= length && length > 0) {
        const share = left / length;
        const [from, to] = [line[i]!, line[i + 1]!];
        return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
      }
      left -= length;
    }
    return line.at(-1)!;
  });
}
