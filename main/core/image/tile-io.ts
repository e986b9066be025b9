import { samplesLike, type Pixels, type PixelData } from './pixels.js';
import type { Rectangle } from './statistics.js';
import { STATISTICS_BLOCK_PX } from './statistics.js';
import { featherWeight, mirrorIndex, type Span, type TilePlan } from './tiling.js';

/** Copies one tile out of an image; what lies beyond its right and lower edge is mirrored. */
export function packTile(image: Pixels, plan: TilePlan, row: number, column: number, tile: PixelData): void {
  const { width, height, channels, data } = image;
  const { start: left, size } = plan.columns[column]!;
  const top = plan.rows[row]!.start;
  const stride = plan.tileWidth * channels;
  for (let y = 0; y < plan.tileHeight; y++) {
    const source = (mirrorIndex(top + y, height) * width + left) * channels;
    const target = y * stride;
    tile.set(data.subarray(source, source + size * channels), target);
    for (let x = size; x < plan.tileWidth; x++) {
      const mirrored = source + (mirrorIndex(left + x, width) - left) * channels;
      for (let c = 0; c < channels; c++) tile[target + x * channels + c] = data[mirrored + c]!;
    }
  }
}

/**
 * Writes finished tiles back into the image they were packed from, feathering the overlaps. Tiles come row by row, left
 * to right; rows of the image that a later tile still has to read are held back, so no second copy of the image exists:
 * a photo of 100 megapixels and 16 bits is 600 MB.
 */
export class TileWriter {
  private readonly band: PixelData;
  private tail: PixelData | undefined;

  constructor(
    private readonly image: Pixels,
    private readonly plan: TilePlan,
  ) {
    const tallest = Math.max(...plan.rows.map((row) => row.size));
    this.band = samplesLike(image.data, tallest * image.width * image.channels);
  }

  /** Takes the result of one tile, [tileHeight, tileWidth, channels]. */
  write(row: number, column: number, tile: PixelData): void {
    const { channels, width } = this.image;
    const { columns, rows, tileWidth } = this.plan;
    const { start, size } = columns[column]!;
    const overlap = overlapBefore(columns, column);
    const weights = featherWeights(overlap);
    const rowSize = rows[row]!.size;
    for (let y = 0; y < rowSize; y++) {
      const target = (y * width + start) * channels;
      const source = y * tileWidth * channels;
      for (let x = 0; x < overlap; x++) {
        mix(this.band, target + x * channels, tile, source + x * channels, channels, weights[x]!);
      }
      const from = overlap * channels;
      this.band.set(tile.subarray(source + from, source + size * channels), target + from);
    }
    if (column === columns.length - 1) this.finishRow(row);
  }

  private finishRow(row: number): void {
    const { data, width, channels } = this.image;
    const { rows } = this.plan;
    const stride = width * channels;
    const { start, size } = rows[row]!;
    const overlap = overlapBefore(rows, row);
    if (this.tail !== undefined) {
      const weights = featherWeights(overlap);
      for (let y = 0; y < overlap; y++) {
        // The earlier band's rows are the base here, so the weight of the later one mixes in from the band.
        mix(this.tail, y * stride, this.band, y * stride, stride, weights[y]!);
      }
      this.band.set(this.tail.subarray(0, overlap * stride));
    }
    const next = rows[row + 1];
    const done = next === undefined ? size : next.start - start;
    data.set(this.band.subarray(0, done * stride), start * stride);
    this.tail = next === undefined ? undefined : this.band.slice(done * stride, size * stride);
  }
}

/**
 * The part of the image for which a tile speaks alone: up to the middle of its overlaps, on the grid of the statistics
 * blocks. The cores of a plan's tiles cover the image without overlapping.
 */
export function tileCore(plan: TilePlan, row: number, column: number): Rectangle {
  const [left, right] = core(plan.columns, column);
  const [top, bottom] = core(plan.rows, row);
  return { left, top, right, bottom };
}

function core(spans: readonly Span[], index: number): [number, number] {
  const seam = (i: number): number => {
    const middle = spans[i]!.start + overlapBefore(spans, i) / 2;
    return Math.floor(middle / STATISTICS_BLOCK_PX) * STATISTICS_BLOCK_PX;
  };
  return [index === 0 ? 0 : seam(index), index === spans.length - 1 ? Number.POSITIVE_INFINITY : seam(index + 1)];
}

function overlapBefore(spans: readonly Span[], index: number): number {
  const previous = spans[index - 1];
  return previous === undefined ? 0 : previous.start + previous.size - spans[index]!.start;
}

function featherWeights(overlap: number): Float64Array {
  return Float64Array.from({ length: overlap }, (_, i) => featherWeight(i, overlap));
}

/** base = base + weight (other - base), rounded; equal samples stay what they are. */
function mix(base: PixelData, at: number, other: PixelData, from: number, count: number, weight: number): void {
  for (let i = 0; i < count; i++) {
    const value = base[at + i]!;
    base[at + i] = Math.round(value + weight * (other[from + i]! - value));
  }
}
