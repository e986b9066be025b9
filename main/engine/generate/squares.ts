import { AppError } from '../../core/errors.js';
import type { Pixels } from '../../core/image/pixels.js';
import { shrinkToRgb8 } from '../../core/image/shrink.js';
import { uprightRows, uprightSize } from '../../core/image/upright.js';
import type { DecodedSquare } from '../../core/latent/change.js';
import { gaussianBlur, resizeLinear } from '../../core/latent/planes.js';
import type { Size } from '../../core/image/levels.js';
import type { DecodedImage, Picture } from '../codec.js';
import { intoSrgb } from '../training/read-photo.js';

/**
 * Photos as a VAE sees them: upright, in sRGB, squashed to a square. Squashing uses all of the square whatever the photo's
 * shape; what comes back is stretched to it again.
 */

/** Shorter photos have too little to show a VAE. */
export const LEAST_SIDE_PX = 32;

/** Refuses photos that are too small. @throws AppError input/unsupported */
export function refuseSmall({ width, height }: Size): void {
  if (Math.min(width, height) >= LEAST_SIDE_PX) return;
  throw new AppError(
    'input/unsupported',
    `${width} x ${height} pixels are too few to generate from: each side needs ${LEAST_SIDE_PX}`,
  );
}

/** A photo shrunk so that its longer side is at most `side`, as stored, in its own encoding. */
export function shrunk(image: Pixels, side: number): Picture {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return { width, height, channels: 3, data: shrinkToRgb8(image, { width, height }) };
}

/** A small photo as people see it: in sRGB and upright. */
export async function shownPicture(stored: Picture, source: DecodedImage['source']): Promise<Picture> {
  const rgb = { ...stored, data: stored.data.slice() };
  await intoSrgb(rgb.data, source);
  const { orientation } = source;
  if (orientation === 1) return rgb;
  const size = uprightSize(stored, orientation);
  const data = uprightRows(rgb, orientation, 0, size.height, new Uint8Array(rgb.data.length));
  return { ...size, channels: 3, data: data as Uint8Array };
}

/** A photo as the encoder takes it: planes of side * side values in [0,1]. @throws AppError input/unsupported */
export async function squareOf(image: DecodedImage, side: number): Promise<Float32Array> {
  refuseSmall(image);
  const size = { width: Math.min(side, image.width), height: Math.min(side, image.height) };
  const small: Picture = { ...size, channels: 3, data: shrinkToRgb8(image, size) };
  return planesOf(await shownPicture(small, image.source), side);
}

/** A picture as planes of side * side values in [0,1]; a smaller one is enlarged. */
export function planesOf({ width, height, data }: Picture, side: number): Float32Array {
  const planes = new Float32Array(3 * side * side);
  for (let c = 0; c < 3; c++) {
    const plane = Float32Array.from({ length: width * height }, (_, i) => data[3 * i + c]! / 255);
    const fitting =
      width === side && height === side ? plane : resizeLinear({ width, height, data: plane }, side, side).data;
    planes.set(fitting, c * side * side);
  }
  return planes;
}

/** A decoded square, which is upright, as its photo is stored. */
export function asStored({ side, data }: DecodedSquare, orientation: number): DecodedSquare {
  if (orientation === 1) return { side, data };
  const area = side * side;
  // Where each upright pixel is stored: the upright version of the stored pixels' own numbers.
  const places = Uint16Array.from({ length: area }, (_, i) => i);
  const numbers = { width: side, height: side, channels: 1, data: places };
  const from = uprightRows(numbers, orientation, 0, side, new Uint16Array(area));
  const stored = new Float32Array(data.length);
  for (let c = 0; c < 3; c++) for (let i = 0; i < area; i++) stored[c * area + from[i]!] = data[c * area + i]!;
  return { side, data: stored };
}

/** Standard deviation of the blur that takes the decoder's grid away, as a share of the side. */
const GRID_BLUR_SHARE = 1 / 85;

/** A decoded square as a picture, without the grid that decoders leave. */
export function pictureOf({ side, data }: DecodedSquare): Picture {
  const area = side * side;
  const out = new Uint8Array(3 * area);
  for (let c = 0; c < 3; c++) {
    const plane = { width: side, height: side, data: data.subarray(c * area, (c + 1) * area) };
    const smooth = gaussianBlur(plane, side * GRID_BLUR_SHARE).data;
    for (let i = 0; i < area; i++) out[3 * i + c] = Math.round(255 * Math.min(1, Math.max(0, smooth[i]!)));
  }
  return { width: side, height: side, channels: 3, data: out };
}
