import path from 'node:path';
import { psnr } from '../../main/core/image/metrics.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { samplesLike, type Pixels } from '../../main/core/image/pixels.js';
import { createRandom } from '../../main/core/image/random.js';
import { readPixels, writePixels } from '../support/images.js';
import { findSets, type BenchSet, type Pair } from './sets.js';

/** The noisy files that every program is given: 8-bit PNGs, the same for all. */

/** A noisy PNG, the clean photo it should become, and how near they are in dB. */
export interface NoisyPhoto {
  readonly noisy: string;
  readonly clean: Pixels;
  readonly psnrIn: number;
}

/** Photos of one noise level: some to choose settings on, others to judge by. */
export interface Level {
  readonly set: string;
  /** Added noise in 8-bit units; null for the noise of cameras. */
  readonly sigma: number | null;
  readonly tuning: readonly NoisyPhoto[];
  readonly judged: readonly NoisyPhoto[];
}

/** How many photos, and how much of each: the middle, at most so many pixels on a side. */
export interface PhotoChoice {
  readonly judged: number;
  readonly tuning: number;
  readonly crop: number;
  readonly tuningCrop: number;
  readonly sigmas: readonly number[];
}

/**
 * Which photos of a set are tuned on and which are judged: taken from all over the list, since neighbours are often of
 * one camera or scene; those for tuning lie between the others.
 */
export function divide<T>(all: readonly T[], judged: number, tuning: number): { judged: T[]; tuning: T[] } {
  const wanted = judged + tuning;
  if (all.length < wanted) throw new Error(`${all.length} photos, but ${judged} to judge by and ${tuning} to tune on`);
  const chosen = Array.from({ length: wanted }, (_, i) => all[Math.floor((i * all.length) / wanted)]!);
  const isTuning = new Set(Array.from({ length: tuning }, (_, i) => Math.floor(((i + 0.5) * wanted) / tuning)));
  return { judged: chosen.filter((_, i) => !isTuning.has(i)), tuning: chosen.filter((_, i) => isTuning.has(i)) };
}

/** Writes the noisy files of every set and level into a folder. */
export async function prepareLevels(folders: readonly string[], choice: PhotoChoice, work: string): Promise<Level[]> {
  const sets = (await Promise.all(folders.map((folder) => findSets(folder, Infinity)))).flat();
  const levels: Level[] = [];
  for (const set of sets) {
    for (const sigma of set.kind === 'pairs' ? [null] : choice.sigmas)
      levels.push(await prepare(set, sigma, choice, work));
  }
  return levels;
}

type Source = Pick<Pair, 'noisy' | 'clean'>;

async function prepare(set: BenchSet, sigma: number | null, choice: PhotoChoice, work: string): Promise<Level> {
  const pairs: readonly Source[] =
    set.kind === 'pairs' ? set.pairs : set.photos.map((photo) => ({ noisy: photo, clean: photo }));
  const folder = path.join(work, set.name, sigma === null ? 'real' : `sigma-${sigma}`);
  const { judged, tuning } = divide(pairs, choice.judged, choice.tuning);
  const write = async (pair: Source, crop: number): Promise<NoisyPhoto> => {
    const source = await readPixels(pair.noisy);
    const clean = middle(await readPixels(pair.clean), crop);
    // A seed per photo and level: the same files on every machine, whichever are chosen.
    const random = createRandom((sigma ?? 0) * 1000 + pairs.indexOf(pair));
    const noisy = sigma === null ? middle(source, crop) : addGaussianNoise(clean, sigma, random);
    const file = path.join(folder, `${path.parse(pair.noisy).name}.png`);
    await writePixels(file, noisy, source.source);
    return { noisy: file, clean, psnrIn: psnr(clean, noisy) };
  };
  return {
    set: set.name,
    sigma,
    tuning: await inTurn(tuning, (pair) => write(pair, choice.tuningCrop)),
    judged: await inTurn(judged, (pair) => write(pair, choice.crop)),
  };
}

/** The middle of an image, at most `side` pixels wide and high. */
export function middle(image: Pixels, side: number): Pixels {
  const [width, height] = [Math.min(side, image.width), Math.min(side, image.height)];
  const [left, top] = [(image.width - width) >> 1, (image.height - height) >> 1];
  const { channels } = image;
  const data = samplesLike(image.data, width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), y * width * channels);
  }
  return { width, height, channels, data };
}

/** One after another. */
export async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
