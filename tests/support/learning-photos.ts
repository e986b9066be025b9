import { join } from 'node:path';
import { sharp } from './codec-photos.js';
import { withKnownNoise } from './flat-noise.js';
import { samplePath, type Sample } from './photos.js';

/** Small photos to learn from. */

/** Writes a photo of 520x300 pixels, with known noise or without; returns its path. */
export async function writePhoto(folder: string, name: string, sample: Sample, noise: boolean): Promise<string> {
  const [width, height] = [520, 300];
  const { data } = await sharp(samplePath(sample))
    .removeAlpha()
    .resize(width, height, { fit: 'cover' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) planes[c * plane + i] = data[3 * i + c]! / 255;
  const shown = noise ? withKnownNoise({ width, height, data: planes }, name.length).data : planes;
  const pixels = new Uint8ClampedArray(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = 255 * shown[c * plane + i]!;
  const path = join(folder, name);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

/** Three noisy photos. */
export const writeNoisyPhotos = (folder: string): Promise<string[]> =>
  Promise.all([
    writePhoto(folder, 'a.png', 'chelsea', true),
    writePhoto(folder, 'bb.png', 'coffee', true),
    writePhoto(folder, 'ccc.png', 'astronaut', true),
  ]);
