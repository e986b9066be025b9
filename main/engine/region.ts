import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Region } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import type { PixelData, Pixels } from '../core/image/pixels.js';
import { toRgba8 } from '../core/image/rgba.js';
import { writeCacheFile } from './atomic-file.js';
import { errnoOf } from './codec/faults.js';
import { notUnpacked, readManifest, type Manifest } from './pyramid.js';

/** Reads rectangles of an unpacked photo. */

/** Whole rows are read at once, and what is not wanted dropped, unless a row is this many times what is wanted of it. */
const READ_THROUGH = 8;
/** Rows are read by about so many bytes at a time. */
const READ_BYTES = 4 * 2 ** 20;

/** Writes a region of a level as raw RGBA. */
export async function writeRegion(folder: string, level: number, region: Region, output: string): Promise<void> {
  const manifest = await readManifest(folder);
  checkRegion(manifest, level, region);
  const { data, channels } = await readRegion(folder, manifest, level, region);
  await writeCacheFile(output, toRgba8(data, channels));
}

/** @throws AppError usage/invalid for a region that does not lie within an existing level. */
export function checkRegion(manifest: Manifest, level: number, { left, top, width, height }: Region): void {
  const size = manifest.levels[level];
  if (size === undefined) throw new AppError('usage/invalid', `the photo has ${manifest.levels.length} levels`);
  if (left + width > size.width || top + height > size.height) {
    throw new AppError(
      'usage/invalid',
      `a region of ${width} x ${height} px at ${left}, ${top} is not within level ${level} of ${size.width} x ${size.height} px`,
    );
  }
}

/**
 * The samples of a region, which must lie within the level.
 * @throws AppError input/not-found when the files were cleared away.
 */
export async function readRegion(folder: string, manifest: Manifest, level: number, region: Region): Promise<Pixels> {
  const { channels, depth, levels } = manifest;
  const { width: levelWidth, file: name } = levels[level]!;
  const { width, height } = region;
  const samples = width * height * channels;
  const data = depth === 16 ? new Uint16Array(samples) : new Uint8Array(samples);
  let file: FileHandle;
  try {
    file = await open(join(folder, name), 'r');
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? notUnpacked(error) : error;
  }
  try {
    await readRows(file, bytesOf(data), {
      ...region,
      rowBytes: (levelWidth * channels * depth) / 8,
      pixelBytes: (channels * depth) / 8,
    });
  } finally {
    await file.close();
  }
  return { width, height, channels, data };
}

async function readRows(
  file: FileHandle,
  target: Uint8Array,
  {
    left,
    top,
    width,
    height,
    rowBytes,
    pixelBytes,
  }: Region & { readonly rowBytes: number; readonly pixelBytes: number },
): Promise<void> {
  const wanted = width * pixelBytes;
  const start = top * rowBytes + left * pixelBytes;
  const rowsAtOnce = rowBytes > wanted * READ_THROUGH ? 1 : Math.max(1, Math.floor(READ_BYTES / rowBytes));
  const buffer = new Uint8Array((rowsAtOnce - 1) * rowBytes + wanted);
  for (let row = 0; row < height; row += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, height - row);
    const length = (count - 1) * rowBytes + wanted;
    await readWhole(file, buffer, length, start + row * rowBytes);
    for (let i = 0; i < count; i++) {
      target.set(buffer.subarray(i * rowBytes, i * rowBytes + wanted), (row + i) * wanted);
    }
  }
}

async function readWhole(file: FileHandle, buffer: Uint8Array, length: number, position: number): Promise<void> {
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw notUnpacked();
    done += bytesRead;
  }
}

function bytesOf(data: PixelData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
