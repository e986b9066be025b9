import type { Random } from '../image/random.js';
import { shrinkToRgb8 } from '../image/shrink.js';
import { below, between, happens } from './sample-random.js';

/** Cuts crops out of photos. */

/** A photo to learn from: rows of interleaved 8-bit sRGB. */
export interface CropSource {
  readonly width: number;
  readonly height: number;
  /** width * height * 3 samples. */
  readonly data: Uint8Array;
}

/** Where a crop lies and how it is turned. */
export interface CropPlace {
  readonly left: number;
  readonly top: number;
  /** Side of the square of the photo that it shows, in pixels: at least the crop's own. */
  readonly size: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** Rows become columns; before the flips. */
  readonly transpose: boolean;
}

/** How crops are placed: parts of a data recipe. */
export interface PlaceOptions {
  /** In pixels. */
  readonly crop: number;
  /** How much of a photo a crop shows, from 0 (as many pixels as it has) to 1 (the largest square in the photo). */
  readonly parts: readonly [number, number];
  /** Whether crops are mirrored, side to side... */
  readonly flips: boolean;
  /** ...and, with that, upside down and rows for columns. */
  readonly transpose: boolean;
}

/** Draws a place for a crop, each of one size as likely as any other. */
export function drawPlace(
  { width, height }: { readonly width: number; readonly height: number },
  { crop, parts, flips, transpose: turns }: PlaceOptions,
  random: Random,
): CropPlace {
  const largest = Math.min(width, height);
  // Without parts nothing is drawn for them: crops are what they were before there were any.
  const part = parts[1] === 0 ? 0 : between(random, parts);
  const size = Math.round(crop * (largest / crop) ** part);
  const left = below(random, width - size + 1);
  const top = below(random, height - size + 1);
  const flipX = happens(random, 0.5);
  const flipY = happens(random, 0.5);
  const transpose = happens(random, 0.5);
  if (!flips) return { left, top, size, flipX: false, flipY: false, transpose: false };
  return turns
    ? { left, top, size, flipX, flipY, transpose }
    : { left, top, size, flipX, flipY: false, transpose: false };
}

/** Writes a crop as three planes of side x side in [0,1]; each pixel of a larger place is the mean of what it covers. */
export function cutCrop(photo: CropSource, placed: CropPlace, side: number, out: Float32Array): void {
  const [source, place] = placed.size === side ? [photo, placed] : shrunk(photo, placed, side);
  const { width, data } = source;
  const { left, top, flipX, flipY, transpose } = place;
  const plane = side * side;
  const [right, down] = transpose ? [side, 1] : [1, side];
  // Where the crop's top left pixel goes, and the steps in the target for a step to the right and down in the photo.
  const mirrorX = transpose ? flipY : flipX;
  const mirrorY = transpose ? flipX : flipY;
  const origin = (mirrorX ? (side - 1) * right : 0) + (mirrorY ? (side - 1) * down : 0);
  const stepX = mirrorX ? -right : right;
  const stepY = mirrorY ? -down : down;
  for (let y = 0; y < side; y++) {
    let from = ((top + y) * width + left) * 3;
    let to = origin + y * stepY;
    for (let x = 0; x < side; x++) {
      out[to] = data[from]! / 255;
      out[to + plane] = data[from + 1]! / 255;
      out[to + 2 * plane] = data[from + 2]! / 255;
      from += 3;
      to += stepX;
    }
  }
}

/** The square of a place alone, scaled down to `side`. */
function shrunk({ width, data }: CropSource, place: CropPlace, side: number): [CropSource, CropPlace] {
  const { left, top, size } = place;
  const square = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const from = ((top + y) * width + left) * 3;
    square.set(data.subarray(from, from + size * 3), y * size * 3);
  }
  const small = { width: side, height: side };
  const pixels = shrinkToRgb8({ width: size, height: size, channels: 3, data: square }, small);
  return [
    { ...small, data: pixels },
    { ...place, left: 0, top: 0, size: side },
  ];
}
