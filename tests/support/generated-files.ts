import { join } from 'node:path';
import sharp from 'sharp';
import { samplePath, SAMPLES } from './photos.js';

/** Photos to generate from, and what generated files say of themselves. */

/** Writes each sample as a small photo, NAME.jpg, and a darker, mirrored one of it, NAME-dark.png. */
export async function writeSmallSamples(folder: string, width: number, height: number): Promise<void> {
  for (const name of SAMPLES) {
    const photo = sharp(samplePath(name)).removeAlpha().resize(width, height, { fit: 'cover' });
    await photo
      .clone()
      .jpeg({ quality: 92 })
      .toFile(join(folder, `${name}.jpg`));
    await photo
      .clone()
      .modulate({ brightness: 0.6 })
      .flop()
      .png()
      .toFile(join(folder, `${name}-dark.png`));
  }
}

/** A picture's size, format, frames and XMP. */
export async function describeFile(path: string) {
  const { width, height, format, pages = 1, xmp } = await sharp(path, { animated: true }).metadata();
  return { width, height, format, pages, xmp: xmp?.toString('utf8') ?? '' };
}
