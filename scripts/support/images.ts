import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Pixels } from '../../main/core/image/pixels.js';
import { decodeImage, encodeImage, type DecodedImage, type ImageHeader } from '../../main/engine/codec.js';
import type { Format } from '../../preload/contract.js';
import { ROOT } from './cli.js';

/** Folder of the sample photos. */
export const SAMPLES = path.join(ROOT, 'scripts/samples');

/** Pixels of a photo, as the engine itself reads them. */
export const readPixels = (file: string): Promise<DecodedImage> => decodeImage(file);

const FORMAT_OF: Readonly<Record<string, Format>> = { '.png': 'png', '.jpg': 'jpeg', '.tif': 'tiff' };

/** How a file is written; 1 to 100 for JPEG, else the format's own default. */
export interface WriteOptions {
  readonly quality?: number;
}

/**
 * Writes pixels through the engine's codec in the format that the target's ending names, without metadata or profile.
 *
 * @param source any photo that was read before: the codec takes what it must know of an original from it
 */
export async function writePixels(
  target: string,
  image: Pixels,
  source: ImageHeader,
  options: WriteOptions = {},
): Promise<void> {
  const format = FORMAT_OF[path.extname(target)];
  if (!format) throw new Error(`${target}: write .png, .jpg or .tif`);
  const { width, height, channels, data } = image;
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) throw new Error(`${channels} channels`);
  await mkdir(path.dirname(target), { recursive: true });
  await encodeImage(
    { width, height, channels, depth: data instanceof Uint8Array ? 8 : 16, data },
    { ...source, icc: null, exif: null, xmp: null, iptc: null, orientation: 1 },
    target,
    { format, quality: options.quality ?? null, bitDepth: 'keep', metadata: 'none' },
  );
}
