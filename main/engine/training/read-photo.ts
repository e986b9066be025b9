import { createHash } from 'node:crypto';
import { LUT_SIZE } from '../../../preload/contract.js';
import { shrinkToRgb8 } from '../../core/image/shrink.js';
import type { Size } from '../../core/image/levels.js';
import { uprightRows, uprightSize } from '../../core/image/upright.js';
import type { CropSource } from '../../core/noise/crop.js';
import { decodeImage, toSrgbTable, type ImageHeader } from '../codec.js';

/** Reads a photo as training wants it. */

/** Tables of profiles that were met: most photos of a person have one of a few. */
const MOST_TABLES = 16;
const tables = new Map<string, Promise<Uint8Array | null>>();

/**
 * The photo at `path` as 8-bit sRGB, upright, without alpha.
 *
 * @param longestSide it is scaled down to this many pixels on its longer side, null: it is not
 * @param crop but not below this many on its shorter side
 */
export async function readPhoto(path: string, longestSide: number | null, crop: number): Promise<CropSource> {
  const image = await decodeImage(path);
  const size = trainingSize(image, longestSide, crop);
  const rgb = { ...size, channels: 3, data: shrinkToRgb8(image, size) };
  await intoSrgb(rgb.data, image.source);
  const { orientation } = image.source;
  const upright = uprightSize(size, orientation);
  const data = uprightRows(
    rgb,
    orientation,
    0,
    upright.height,
    new Uint8Array(orientation === 1 ? 0 : rgb.data.length),
  );
  return { ...upright, data: data as Uint8Array };
}

/** The size at which a photo is trained on. */
export function trainingSize({ width, height }: Size, longestSide: number | null, crop: number): Size {
  const scale = Math.max((longestSide ?? Infinity) / Math.max(width, height), crop / Math.min(width, height));
  if (scale >= 1) return { width, height };
  return { width: Math.max(crop, Math.round(width * scale)), height: Math.max(crop, Math.round(height * scale)) };
}

/** Takes RGB samples of a photo from its profile to sRGB, in place. */
export async function intoSrgb(rgb: Uint8Array, header: ImageHeader): Promise<void> {
  const table = await srgbTable(header);
  if (table !== null) applyTable(rgb, table);
}

async function srgbTable(header: ImageHeader): Promise<Uint8Array | null> {
  if (header.icc === null) return null;
  const key = `${header.channels < 3 ? 'grey' : 'colour'} ${createHash('sha256').update(header.icc).digest('hex')}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = toSrgbTable(header);
  if (tables.size >= MOST_TABLES) tables.clear();
  tables.set(key, table);
  return table;
}

/** Takes RGB samples through a colour table, interpolating linearly between its eight nearest colours; in place. */
export function applyTable(rgb: Uint8Array, table: Uint8Array): void {
  const steps = LUT_SIZE - 1;
  const strides = [4, 4 * LUT_SIZE, 4 * LUT_SIZE * LUT_SIZE] as const;
  for (let at = 0; at < rgb.length; at += 3) {
    let corner = 0;
    const shares = [0, 0, 0];
    for (let c = 0; c < 3; c++) {
      const place = (rgb[at + c]! * steps) / 255;
      const cell = Math.min(steps - 1, Math.floor(place));
      shares[c] = place - cell;
      corner += cell * strides[c]!;
    }
    const [right, down, deep] = shares as [number, number, number];
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) {
        const weight = (k & 1 ? right : 1 - right) * (k & 2 ? down : 1 - down) * (k & 4 ? deep : 1 - deep);
        if (weight === 0) continue;
        const from = corner + (k & 1 ? strides[0] : 0) + (k & 2 ? strides[1] : 0) + (k & 4 ? strides[2] : 0);
        sum += weight * table[from + c]!;
      }
      rgb[at + c] = Math.round(sum);
    }
  }
}
