import path from 'node:path';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import type { PixelData, Pixels } from '../../main/core/image/pixels.js';
import { createRandom } from '../../main/core/image/random.js';
import { mirrorIndex } from '../../main/core/image/tiling.js';
import { readPixels, SAMPLES, writePixels } from '../support/images.js';

/** Large photos for timing, made of a small one: mirrored copies side by side, with noise. */

const SAMPLE = path.join(SAMPLES, 'coffee.png');
const NOISE_SIGMA = 12;
const JPEG_QUALITY = 92;

/** Writes a photo of about so many megapixels, 3:2: an 8-bit JPEG or a 16-bit TIFF by its name. */
export async function writeLargePhoto(target: string, megapixels: number, seed: number): Promise<void> {
  const height = Math.round(Math.sqrt((megapixels * 1e6) / 1.5));
  const width = Math.round(height * 1.5);
  const sample = await readPixels(SAMPLE);
  const noisy = addGaussianNoise(sample, NOISE_SIGMA, createRandom(seed));
  const deep = target.endsWith('.tif');
  await writePixels(target, mosaic(noisy, width, height, deep), sample.source, deep ? {} : { quality: JPEG_QUALITY });
}

/** Fills a picture with mirrored copies of an 8-bit one; `deep` makes it 16-bit. */
export function mosaic(from: Pixels, width: number, height: number, deep: boolean): Pixels {
  const { channels } = from;
  const samples = width * height * channels;
  const data: PixelData = deep ? new Uint16Array(samples) : new Uint8Array(samples);
  const scale = deep ? 257 : 1;
  for (let y = 0; y < height; y++) {
    const row = mirrorIndex(y, from.height) * from.width;
    for (let x = 0; x < width; x++) {
      const source = (row + mirrorIndex(x, from.width)) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = from.data[source + c]! * scale;
    }
  }
  return { width, height, channels, data };
}
