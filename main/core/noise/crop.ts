import type { Random } from '../image/random.js';
import { below, happens } from './sample-random.js';

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
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** Rows become columns; before the flips. */
  readonly transpose: boolean;
}

/** Draws a place for a crop of `side` pixels, each as likely as any other; unturned unless `flips`. */
export function drawPlace(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
  flips: boolean,
  random: Random,
): CropPlace {
  const left = below(random, width - side + 1);
  const top = below(random, height - side + 1);
  const flipX = happens(random, 0.5);
  const flipY = happens(random, 0.5);
  const transpose = happens(random, 0.5);
  return flips ? { left, top, flipX, flipY, transpose } : { left, top, flipX: false, flipY: false, transpose: false };
}

/** Writes a crop as three planes of side x side in [0,1]. */
export function cutCrop(source: CropSource, place: CropPlace, side: number, out: Float32Array): void {
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
