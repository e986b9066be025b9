import { open } from 'node:fs/promises';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import type { Pixels } from '../../main/core/image/pixels.js';
import { createRandom } from '../../main/core/image/random.js';
import { mirrorIndex } from '../../main/core/image/tiling.js';
import { readPixels, SAMPLES } from '../support/images.js';

/** Photos of any size, written a few rows at a time: what makes them needs no memory to speak of. */

const NOISE_SIGMA = 12;
const CHANNELS = 3;
const HEADER_BYTES = 8;
/** Rows of a strip, and of a write. */
const STRIP_ROWS = 64;

/**
 * Writes an 8-bit TIFF of about so many megapixels, 3:2 and uncompressed: mirrored copies of a noisy photo side by side.
 * Up to 1400 megapixels, where the offsets of such a file end.
 */
export async function writeHugePhoto(target: string, megapixels: number): Promise<{ width: number; height: number }> {
  const height = Math.round(Math.sqrt((megapixels * 1e6) / 1.5));
  const width = Math.round(height * 1.5);
  const sample = await readPixels(`${SAMPLES}/coffee.png`);
  const noisy = addGaussianNoise(sample, NOISE_SIGMA, createRandom(1));
  const patterns = Array.from({ length: noisy.height }, (_, y) => thereAndBack(noisy, y));
  const rowBytes = width * CHANNELS;
  const pixelBytes = rowBytes * height;
  const directoryAt = HEADER_BYTES + pixelBytes + (pixelBytes % 2);
  const file = await open(target, 'w');
  try {
    const header = Buffer.from('II*\0\0\0\0\0', 'latin1');
    header.writeUInt32LE(directoryAt, 4);
    await file.write(header, 0, HEADER_BYTES, 0);
    const rows = Buffer.alloc(STRIP_ROWS * rowBytes);
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const count = Math.min(STRIP_ROWS, height - top);
      for (let y = 0; y < count; y++) {
        const pattern = patterns[mirrorIndex(top + y, patterns.length)]!;
        rows.fill(pattern, y * rowBytes, (y + 1) * rowBytes);
      }
      await file.write(rows, 0, count * rowBytes, HEADER_BYTES + top * rowBytes);
    }
    const directory = tiffDirectory(width, height, directoryAt);
    await file.write(directory, 0, directory.length, directoryAt);
  } finally {
    await file.close();
  }
  return { width, height };
}

/** A row of an image, and the way back without its ends: repeated, it is the row mirrored again and again. */
function thereAndBack({ width, channels, data }: Pixels, y: number): Buffer {
  const row = Buffer.alloc((2 * width - 2) * CHANNELS);
  for (let i = 0; i < row.length; i++) {
    const x = mirrorIndex(Math.floor(i / CHANNELS), width);
    row[i] = data[(y * width + x) * channels + (i % CHANNELS)]!;
  }
  return row;
}

/** Width, height, bits, compression, colours, orientation and strips: the lists that do not fit in it follow it. */
function tiffDirectory(width: number, height: number, at: number): Buffer {
  const rowBytes = width * CHANNELS;
  const strips = Math.ceil(height / STRIP_ROWS);
  const offsets = Array.from({ length: strips }, (_, i) => HEADER_BYTES + i * STRIP_ROWS * rowBytes);
  const counts = offsets.map((_, i) => Math.min(STRIP_ROWS, height - i * STRIP_ROWS) * rowBytes);
  const entries: [tag: number, values: readonly number[], isShort?: boolean][] = [
    [256, [width]],
    [257, [height]],
    [258, [8, 8, 8], true],
    [259, [1], true],
    [262, [2], true],
    [273, offsets],
    [277, [CHANNELS], true],
    [278, [STRIP_ROWS]],
    [279, counts],
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  const behind: Buffer[] = [];
  let behindAt = at + directory.length;
  entries.forEach(([tag, values, isShort = false], i) => {
    const entryAt = 2 + 12 * i;
    directory.writeUInt16LE(tag, entryAt);
    directory.writeUInt16LE(isShort ? 3 : 4, entryAt + 2);
    directory.writeUInt32LE(values.length, entryAt + 4);
    const bytes = Buffer.alloc(Math.max(4, values.length * (isShort ? 2 : 4)));
    values.forEach((value, k) => (isShort ? bytes.writeUInt16LE(value, 2 * k) : bytes.writeUInt32LE(value, 4 * k)));
    if (bytes.length > 4) {
      directory.writeUInt32LE(behindAt, entryAt + 8);
      behind.push(bytes);
      behindAt += bytes.length;
    } else {
      bytes.copy(directory, entryAt + 8);
    }
  });
  return Buffer.concat([directory, ...behind]);
}
