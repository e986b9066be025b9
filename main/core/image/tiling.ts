import { AppError } from '../errors.js';

/** One axis of a tile: `start` and `size` in pixels of the image, `size` before any padding to the net's multiple. */
export interface Span {
  readonly start: number;
  readonly size: number;
}

/** A grid of equal tiles whose rows and columns overlap; borders of the image carry no overlap. */
export interface TilePlan {
  readonly columns: readonly Span[];
  readonly rows: readonly Span[];
  /** Height and width fed to the net: the span rounded up to the multiple; what lies outside is mirrored. */
  readonly tileHeight: number;
  readonly tileWidth: number;
  /** Pixels that neighbouring tiles share. */
  readonly overlap: number;
}

export interface TilingLimits {
  /** Pixels that neighbouring tiles must share: the net's receptive radius (see docs/decisions/0002). */
  readonly overlap: number;
  /** Height and width of a tile must be multiples of this. */
  readonly multiple: number;
  /** Largest area of a tile in pixels, overlap included. */
  readonly maxArea: number;
  /** Largest side of a tile in pixels, overlap included. */
  readonly maxSide: number;
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Size of each of `count` equal tiles that cover `length` pixels with the given overlap, a multiple of `multiple`. */
function spanSize(length: number, count: number, overlap: number, multiple: number): number {
  return roundUp((length + (count - 1) * overlap) / count, multiple);
}

/**
 * Cuts one axis into `count` spans of one size. Starts are multiples of `multiple`, so that strided layers and the
 * statistics blocks see the same grid in every tile; the last span ends at the edge of the padded axis. The step is
 * rounded up and still leaves `overlap`: size >= (length + (count - 1) overlap) / count, all of them multiples.
 */
function cutAxis(length: number, count: number, size: number, multiple: number): Span[] {
  if (count === 1) return [{ start: 0, size: length }];
  const lastStart = roundUp(length, multiple) - size;
  const step = roundUp(lastStart / (count - 1), multiple);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.min(i * step, lastStart);
    return { start, size: Math.min(size, length - start) };
  });
}

/**
 * Chooses the grid of tiles that computes the fewest pixels within the limits. A picture that fits in one tile gets
 * one; otherwise the tiles share the work evenly, since a thin last column would be all overlap.
 * @throws AppError model/shape when the overlap leaves no room in the largest tile.
 */
export function planTiles(width: number, height: number, limits: TilingLimits): TilePlan {
  const { multiple, maxArea, maxSide } = limits;
  const overlap = roundUp(limits.overlap, multiple);
  const padded = { width: roundUp(width, multiple), height: roundUp(height, multiple) };
  const side = Math.floor(Math.min(maxSide, Math.max(padded.width, padded.height)) / multiple) * multiple;
  const needsCut = padded.width > maxSide || padded.height > maxSide || padded.width * padded.height > maxArea;
  if (needsCut && Math.min(side, Math.sqrt(maxArea)) < overlap + multiple) {
    throw new AppError(
      'model/shape',
      `tiles of ${Math.floor(Math.min(side, Math.sqrt(maxArea)))} px are too small: this model needs an overlap of ` +
        `${overlap} px; use tiles of at least ${roundUp(2 * overlap, 64)} px`,
    );
  }
  let best: { area: number; nx: number; ny: number; w: number; h: number } | undefined;
  const mostColumns = Math.ceil(padded.width / multiple);
  for (let nx = 1; nx <= mostColumns; nx++) {
    const w = spanSize(padded.width, nx, overlap, multiple);
    if (nx > 1 && w <= overlap) break; // more columns than this only repeat each other
    if (w > maxSide) continue;
    const tallest = Math.min(maxSide, Math.floor(maxArea / w));
    if (tallest < padded.height && tallest <= overlap) continue;
    let ny = tallest >= padded.height ? 1 : Math.ceil((padded.height - overlap) / (tallest - overlap));
    let h = spanSize(padded.height, ny, overlap, multiple);
    // Rounding up to the multiple may have stepped over the limit: one more row brings it back.
    while (h > tallest && h > overlap + multiple) h = spanSize(padded.height, ++ny, overlap, multiple);
    if (h > tallest) continue;
    const area = nx * w * ny * h;
    if (best === undefined || area < best.area) best = { area, nx, ny, w, h };
    else if (area > best.area * 2) break;
  }
  if (best === undefined) {
    throw new AppError(
      'model/shape',
      `no tiling of ${width}x${height} px fits into ${maxArea} px with overlap ${overlap}`,
    );
  }
  return {
    columns: cutAxis(width, best.nx, best.w, multiple),
    rows: cutAxis(height, best.ny, best.h, multiple),
    tileWidth: best.w,
    tileHeight: best.h,
    overlap,
  };
}

/**
 * The grid of square tiles of one given side, whatever the picture's size: accelerators are fast at one shape, and take
 * seconds to get ready for another. What lies outside a smaller picture is mirrored.
 * @param side of a tile in pixels, a multiple of `multiple`, more than `overlap`
 * @throws AppError model/shape when the overlap leaves no room in a tile.
 */
export function planSquareTiles(
  width: number,
  height: number,
  { side, multiple, overlap: wanted }: Pick<TilingLimits, 'overlap' | 'multiple'> & { readonly side: number },
): TilePlan {
  const overlap = roundUp(wanted, multiple);
  const axis = (length: number): Span[] => {
    if (length <= side) return [{ start: 0, size: length }];
    if (side <= overlap) {
      throw new AppError(
        'model/shape',
        `tiles of ${side} px are too small: this model needs an overlap of ${overlap} px`,
      );
    }
    // The step between starts is a multiple and rounded up: the room for it must be one, too.
    const room = Math.floor((side - overlap) / multiple) * multiple;
    return cutAxis(length, 1 + Math.ceil((roundUp(length, multiple) - side) / room), side, multiple);
  };
  return { columns: axis(width), rows: axis(height), tileWidth: side, tileHeight: side, overlap };
}

/** Index of the mirrored pixel for any position on an axis of `length` pixels: -1 is 1, length is length - 2. */
export function mirrorIndex(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const offset = ((position % period) + period) % period;
  return offset < length ? offset : period - offset;
}

/**
 * Weight of the later of two overlapping tiles at pixel `i` (0-based) of an overlap of `length` pixels: 0 in the first
 * and 1 in the last part, where one tile's own border falsifies it, a raised cosine between. The weights of two
 * neighbours add to 1.
 */
export function featherWeight(i: number, length: number): number {
  const margin = length * FEATHER_MARGIN;
  const t = (i + 0.5 - margin) / (length - 2 * margin);
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  return 0.5 - 0.5 * Math.cos(Math.PI * t);
}

/** Share of an overlap at either end in which only the tile that lies deeper there counts. */
const FEATHER_MARGIN = 0.2;
