import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import type { DecodedImage } from '../../main/engine/codec.js';
import { decodeImage } from '../../main/engine/codec.js';

/** The credited sample photos of tests/fixtures, and noisy versions of them made on the spot. */

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Folder of the shipped models. */
export const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

export const SAMPLES = ['astronaut', 'chelsea', 'coffee', 'rocket'] as const;
export type Sample = (typeof SAMPLES)[number];

/** Absolute path of a sample photo. */
export function samplePath(name: Sample): string {
  const file = readdirSync(FIXTURES).find((entry) => entry.startsWith(`${name}.`));
  if (file === undefined) throw new Error(`tests/fixtures has no ${name}`);
  return FIXTURES + file;
}

/** Decodes a sample and adds seeded Gaussian noise of `sigma` in 8-bit units, clipped and rounded. */
export async function noisySample(name: Sample, sigma: number, seed = 1): Promise<DecodedImage> {
  const image = await decodeImage(samplePath(name));
  return addGaussianNoise(image, sigma, createRandom(seed));
}

/** Writes a sample as a PNG of another size with seeded noise of `sigma` on it. */
export async function writeNoisyPng(path: string, name: Sample, width: number, height: number, sigma = 20) {
  await sharp(samplePath(name))
    .removeAlpha()
    .resize(width, height, { fit: 'cover', kernel: 'cubic' })
    .png()
    .toFile(path);
  await writePng(addGaussianNoise(await decodeImage(path), sigma, createRandom(1)), path);
}

/** Writes an image as PNG at its own depth. */
export async function writePng(image: Pick<DecodedImage, 'width' | 'height' | 'channels' | 'data'>, path: string) {
  const { width, height, channels, data } = image;
  const depth16 = data instanceof Uint16Array;
  await sharp(data, { raw: { width, height, channels } })
    .toColourspace(channels < 3 ? (depth16 ? 'grey16' : 'b-w') : depth16 ? 'rgb16' : 'srgb')
    .png()
    .toFile(path);
}

/** A copy of an image with other samples. */
export function withData(image: DecodedImage, data: Uint8Array | Uint16Array): DecodedImage {
  return { ...image, data };
}
