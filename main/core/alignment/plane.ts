import type { CropSource } from '../noise/crop.js';
import { LUMA } from '../noise/plane.js';

/** Single planes of brightness at falling sizes: what frames of one scene are compared by. */

/** width x height samples in [0,1], row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Rec. 601 luma of 8-bit samples. */
export function lumaOf({ width, height, data }: CropSource): Plane {
  const luma = new Float32Array(width * height);
  const [red, green, blue] = LUMA.map((share) => share / 255) as [number, number, number];
  for (let i = 0, from = 0; i < luma.length; i++, from += 3) {
    luma[i] = red * data[from]! + green * data[from + 1]! + blue * data[from + 2]!;
  }
  return { width, height, data: luma };
}

/** A plane at half its size: the mean of each 2x2 samples; an odd last row or column is left out. */
export function halvedPlane({ width, height, data }: Plane): Plane {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(w * h);
  for (let y = 0, to = 0; y < h; y++) {
    let from = 2 * y * width;
    for (let x = 0; x < w; x++, to++, from += 2) {
      out[to] = (data[from]! + data[from + 1]! + data[from + width]! + data[from + width + 1]!) / 4;
    }
  }
  return { width: w, height: h, data: out };
}

/** A plane blurred by 1-2-1 along rows and columns, its edge repeated. */
export function blurredPlane({ width, height, data }: Plane): Plane {
  const rows = new Float32Array(data.length);
  const out = new Float32Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const left = data[x > 0 ? at - 1 : at]!;
      const right = data[x < width - 1 ? at + 1 : at]!;
      rows[at] = (left + 2 * data[at]! + right) / 4;
    }
  }
  for (let y = 0, at = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++, at++) out[at] = (rows[at + up]! + 2 * rows[at]! + rows[at + down]!) / 4;
  }
  return { width, height, data: out };
}

/** The middle one of some values. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
