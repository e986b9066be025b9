import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { samplePath, type Sample } from './photos.js';
import { sharp } from './codec-photos.js';
import { exifBlock, insertExif } from './exif-block.js';
import { ODD_PHOTOS } from './odd-photos.js';

/** A folder as people have them: photos of many kinds, and files that only look like photos. */

/** What is a photo in it, by its place below the folder. */
export const GOOD = ['camera.jpg', 'grey.jpg', 'logo.png', 'scans/deep.tif', 'web.webp', '사진 café.jpg'] as const;
/** What is none, with the reason that the window gives. */
export const BAD = {
  'cut.jpg': 'The file is damaged or incomplete.',
  'notes.jpg': 'This is not a photo, whatever its name says.',
  'nothing.jpg': 'The file is empty.',
} as const;
export const RAW = 'film.cr2';

const WIDTH = 240;
const HEIGHT = 180;
const SIGMA = 18;

/** A sample photo in a size, with seeded noise. */
export async function noisyPhoto(
  name: Sample,
  width = WIDTH,
  height = HEIGHT,
  seed = 1,
): Promise<ReturnType<typeof sharp>> {
  const data = new Uint8Array(await sharp(samplePath(name)).resize(width, height).removeAlpha().raw().toBuffer());
  const noisy = addGaussianNoise({ width, height, channels: 3, data }, SIGMA, createRandom(seed));
  return sharp(noisy.data, { raw: { width, height, channels: 3 } });
}

/** Makes the folder at a path. */
export async function writeMixedFolder(folder: string): Promise<void> {
  mkdirSync(join(folder, 'scans'), { recursive: true });
  const at = (name: string): string => join(folder, name);
  const quality = 95;
  const camera = await (await noisyPhoto('coffee')).withIccProfile('p3').jpeg({ quality }).toBuffer();
  writeFileSync(at('camera.jpg'), insertExif(camera, exifBlock()));
  await (await noisyPhoto('rocket')).greyscale().jpeg({ quality }).toFile(at('grey.jpg'));
  await (await noisyPhoto('astronaut')).ensureAlpha(0.7).png().toFile(at('logo.png'));
  await (await noisyPhoto('chelsea')).toColourspace('rgb16').tiff({ compression: 'lzw' }).toFile(at('scans/deep.tif'));
  await (await noisyPhoto('chelsea')).webp({ quality }).toFile(at('web.webp'));
  await (await noisyPhoto('astronaut')).jpeg({ quality }).toFile(at('사진 café.jpg'));
  await ODD_PHOTOS.truncated(at('cut.jpg'));
  ODD_PHOTOS.text(at('notes.jpg'));
  ODD_PHOTOS.empty(at('nothing.jpg'));
  writeFileSync(at(RAW), Buffer.from('II*\0not really raw'));
}

/** Makes plain noisy JPEGs named 01.jpg and so on; returns their names. */
export async function writeRoll(folder: string, count: number, width: number, height: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names = Array.from({ length: count }, (_, index) => `${String(index + 1).padStart(2, '0')}.jpg`);
  for (const [index, name] of names.entries()) {
    await (await noisyPhoto('coffee', width, height, index + 1)).jpeg({ quality: 92 }).toFile(join(folder, name));
  }
  return names;
}
