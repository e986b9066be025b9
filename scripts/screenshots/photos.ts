import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import type { Pixels } from '../../main/core/image/pixels.js';
import { createRandom } from '../../main/core/image/random.js';
import { readPixels, SAMPLES, writePixels } from '../support/images.js';

/** The photos in the pictures: the samples and cuts of them, with seeded noise, the same on every machine. */

interface Shot {
  /** Where it lies below the folder of photos. */
  readonly file: string;
  readonly sample: string;
  /** Shares of the sample: left, top, width, height; absent: all of it. */
  readonly cut?: readonly [number, number, number, number];
  /** Noise as a standard deviation in 8-bit units. */
  readonly sigma: number;
}

/** The one that is looked at closely. */
export const HERO = 'Chelsea.png';

const SHOTS: readonly Shot[] = [
  { file: 'Café/Coffee.png', sample: 'coffee.png', sigma: 20 },
  { file: 'Café/Spoon.png', sample: 'coffee.png', cut: [0.5, 0.2, 0.5, 0.5], sigma: 18 },
  { file: 'Café/Crema.png', sample: 'coffee.png', cut: [0.22, 0.15, 0.45, 0.45], sigma: 30 },
  { file: 'Home/Chelsea.png', sample: 'chelsea.png', sigma: 18 },
  { file: 'Home/Chelsea, close.png', sample: 'chelsea.png', cut: [0.2, 0.1, 0.55, 0.6], sigma: 11 },
  { file: 'Home/Whiskers.png', sample: 'chelsea.png', cut: [0.35, 0.4, 0.5, 0.5], sigma: 34 },
  { file: 'Space/Crew portrait.png', sample: 'astronaut.png', sigma: 20 },
  { file: 'Space/Crew portrait, face.png', sample: 'astronaut.png', cut: [0.2, 0, 0.5, 0.45], sigma: 12 },
  { file: 'Space/Shuttle model.png', sample: 'astronaut.png', cut: [0.55, 0, 0.45, 0.55], sigma: 28 },
  { file: 'Space/Launch.jpg', sample: 'rocket.jpg', sigma: 10 },
  { file: 'Space/Launch, pad.jpg', sample: 'rocket.jpg', cut: [0.2, 0.45, 0.6, 0.55], sigma: 16 },
  { file: 'Space/Launch, tower.jpg', sample: 'rocket.jpg', cut: [0.3, 0.1, 0.4, 0.6], sigma: 8 },
];

const SEED = 2026;
/** All taken on one evening, a minute apart. */
const TAKEN_AT = Date.UTC(2026, 4, 2, 20, 0);
const MINUTE_MS = 60_000;

/** Writes the photos below a folder. */
export async function writePhotos(folder: string): Promise<void> {
  for (const [index, { file, sample, cut, sigma }] of SHOTS.entries()) {
    const target = path.join(folder, file);
    const clean = await readPixels(path.join(SAMPLES, sample));
    const picture = cut === undefined ? clean : crop(clean, cut);
    await writePixels(target, addGaussianNoise(picture, sigma, createRandom(SEED + index)), clean.source);
    const time = new Date(TAKEN_AT + index * MINUTE_MS);
    await utimes(target, time, time);
  }
}

function crop(from: Pixels, [left, top, wide, high]: readonly [number, number, number, number]): Pixels {
  const { channels } = from;
  const width = Math.round(from.width * wide);
  const height = Math.round(from.height * high);
  const x = Math.floor(from.width * left);
  const y = Math.floor(from.height * top);
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * from.width + x) * channels;
    data.set(from.data.subarray(start, start + width * channels), row * width * channels);
  }
  return { width, height, channels, data };
}
