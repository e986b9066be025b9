import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import sharp, { type FormatEnum } from 'sharp';
import { pngChunk } from './special-files.js';

/** Writes a small colour photo with noise, in the format of its name; the same seed gives the same pixels. */
export async function writePhoto(path: string, width = 64, height = 48, seed = 1): Promise<void> {
  await sharp(pixels(width, height, seed), { raw: { width, height, channels: 3 } })
    .toFormat(formatOf(path))
    .toFile(path);
}

/** Files that cannot be photos, or not such as are supported; each writes itself to a path. */
export const ODD_PHOTOS = {
  empty: (path: string) => {
    writeFileSync(path, '');
  },
  text: (path: string) => {
    writeFileSync(path, 'This is no picture.\n'.repeat(20));
  },
  truncated: async (path: string) => {
    await writePhoto(path, 400, 300);
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
  },
  cmyk: async (path: string) => {
    const raw = { width: 64, height: 48, channels: 3 } as const;
    await sharp(pixels(64, 48, 1), { raw })
      .toColourspace('cmyk')
      .jpeg()
      .toFile(path);
  },
  animated: async (path: string) => {
    const raw = { width: 64, height: 96, channels: 3, pageHeight: 48 } as const;
    await sharp(pixels(64, 96, 1), { raw })
      .webp({ loop: 0 })
      .toFile(path);
  },
  /** A PNG of a few hundred bytes that says it is 20000 x 20000. */
  bomb: (path: string) => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(20_000, 0);
    header.writeUInt32BE(20_000, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const data = deflateSync(Buffer.alloc(60_001));
    writeFileSync(
      path,
      Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0))]),
    );
  },
};

function formatOf(path: string): keyof FormatEnum {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return extension === 'jpg' ? 'jpeg' : (extension as keyof FormatEnum);
}

/** A soft gradient with uniform noise on it. */
function pixels(width: number, height: number, seed: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  let state = seed * 2_654_435_761;
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const gradient = 60 + (120 * (index % (width * 3))) / (width * 3);
    data[index] = gradient + (state >>> 24) / 8 - 16;
  }
  return data;
}
