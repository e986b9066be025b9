import type { PixelData } from '../../core/image/pixels.js';

/** Conversions between sample depths. All are exact: rounded to nearest, and inverse to one another upwards. */

/** 16 to 8 bits: y = round(255 x / 65535) = floor((x + 128) / 257). */
export function narrowTo8(from: PixelData, to: PixelData): void {
  for (let i = 0; i < from.length; i++) to[i] = ((from[i]! + 128) / 257) | 0;
}

/** 8 to 16 bits: y = 257 x, so that 255 becomes 65535. */
export function widenTo16(from: PixelData, to: PixelData): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i]! * 257;
}

/** In place, samples of `bits` significant bits at the top of 16 (x = v << (16 - bits)) to the full range. */
export function expandFromTopBits(data: PixelData, bits: number): void {
  const shift = 16 - bits;
  const peak = (1 << bits) - 1;
  for (let i = 0; i < data.length; i++) data[i] = Math.round(((data[i]! >> shift) * 65535) / peak);
}

/** The inverse of `expandFromTopBits`: rounds to `bits` bits and shifts them to the top, where libvips looks. */
export function packToTopBits(from: PixelData, to: PixelData, bits: number): void {
  const shift = 16 - bits;
  const peak = (1 << bits) - 1;
  for (let i = 0; i < from.length; i++) to[i] = Math.round((from[i]! * peak) / 65535) << shift;
}
