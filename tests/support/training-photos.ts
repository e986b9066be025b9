import { join } from 'node:path';
import { sharp } from './codec-photos.js';
import { insertExif, exifBlock } from './exif-block.js';
import { SAMPLES, samplePath, writePng, type Sample } from './photos.js';
import { writeFile } from 'node:fs/promises';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { decodeImage } from '../../main/engine/codec.js';

/** Photos to train on, of every kind that a folder may hold. */

const picture = (sample: Sample, width: number, height: number) =>
  sharp(samplePath(sample)).removeAlpha().resize(width, height, { fit: 'cover' });

/** Writes four photos that can be trained on with crops of 32 to 64, and gives their paths. */
export async function writeTrainingPhotos(folder: string): Promise<string[]> {
  const at = (name: string): string => join(folder, name);
  const grey16 = at('grey16.png');
  await picture('chelsea', 100, 80).greyscale().toColourspace('grey16').png().toFile(grey16);
  const noisy = at('rocket.png');
  await picture('rocket', 90, 120).png().toFile(noisy);
  await writePng(addGaussianNoise(await decodeImage(noisy), 10, createRandom(1)), noisy);
  await picture('coffee', 120, 90).ensureAlpha(0.5).webp({ lossless: true }).toFile(at('coffee.webp'));
  await picture('astronaut', 96, 96).jpeg({ quality: 95 }).toFile(at('astronaut.jpg'));
  return [at('astronaut.jpg'), at('coffee.webp'), grey16, noisy];
}

/**
 * Writes photos of wildly different sizes, from a little more than a crop of 32 to panoramas, each of another part of a
 * sample, and gives their paths.
 */
export async function writeManyPhotos(folder: string, count: number): Promise<string[]> {
  const sizes = [
    [36, 33],
    [900, 40],
    [64, 300],
    [120, 120],
    [33, 500],
    [200, 150],
    [48, 48],
    [640, 427],
  ] as const;
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const path = join(folder, `photo-${index}.png`);
      const [width, height] = sizes[index % sizes.length]!;
      const position = SAMPLES_POSITIONS[index % SAMPLES_POSITIONS.length]!;
      const sample = SAMPLES[index % SAMPLES.length]!;
      const input = sharp(samplePath(sample)).removeAlpha();
      await input.resize(width, height, { fit: 'cover', position }).png().toFile(path);
      return path;
    }),
  );
}

const SAMPLES_POSITIONS = ['centre', 'top', 'left', 'bottom', 'right'] as const;

/** Writes a JPEG that is to be turned for viewing. */
export async function writeTurnedJpeg(path: string, width: number, height: number, orientation: number) {
  const jpeg = await picture('chelsea', width, height).jpeg({ quality: 95 }).toBuffer();
  await writeFile(path, insertExif(jpeg, exifBlock({ orientation })));
}

/** Writes the same picture in sRGB and with the numbers of Display P3. */
export async function writeProfiled(srgb: string, p3: string): Promise<void> {
  const plain = picture('coffee', 64, 48);
  await plain.clone().png().toFile(srgb);
  await plain.clone().withIccProfile('p3').png().toFile(p3);
}

/** The photo as sharp shows it: upright, in sRGB, as rows of RGB. */
export async function shownBySharp(path: string): Promise<{ width: number; height: number; data: Buffer }> {
  const { data, info } = await sharp(path)
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
