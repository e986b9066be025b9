import type { MapPoint, PhotoId } from '../../../../preload/contract.js';
import type { Point, Size } from '../../../elements/pan-zoom/viewport.js';

/** The map as a picture to pan and zoom: where photos lie on it, which is nearest, which are inside a line. Pure. */

/** Sides of the picture, in its pixels: about the shape of a window. */
const WIDTH_PX = 2000;
const HEIGHT_PX = 1300;
/** Room around the photos. */
const MARGIN_PX = 190;

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

/** One axis of the map: from the latent space's coordinate to the picture's, and back. */
class Axis {
  readonly #middle: number;
  readonly #scale: number;

  constructor(
    values: readonly number[],
    private readonly side: number,
    direction: 1 | -1,
  ) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    this.#middle = (low + high) / 2;
    // Photos that are all alike lie in the middle.
    this.#scale = (direction * (side - 2 * MARGIN_PX)) / (high > low ? high - low : 1);
  }

  to = (value: number): number => this.side / 2 + this.#scale * (value - this.#middle);
  from = (place: number): number => this.#middle + (place - this.side / 2) / this.#scale;
}

/** Lays photos out so that each axis fills its side, y upwards as on paper. */
export function layOut(points: readonly MapPoint[]): World {
  const across = new Axis(
    points.map(({ x }) => x),
    WIDTH_PX,
    1,
  );
  const up = new Axis(
    points.map(({ y }) => y),
    HEIGHT_PX,
    -1,
  );
  const fromMap = ({ x, y }: Point): Point => ({ x: across.to(x), y: up.to(y) });
  return {
    width: WIDTH_PX,
    height: HEIGHT_PX,
    photos: points.map(({ photo, x, y }) => ({ photo, at: fromMap({ x, y }) })),
    toMap: ({ x, y }) => ({ x: across.from(x), y: up.from(y) }),
    fromMap,
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
