import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DataRecipe } from '../../../preload/training/data-recipe.js';
import { AppError } from '../../core/errors.js';
import type { Random } from '../../core/image/random.js';
import { cutCrop, drawPlace, type CropSource } from '../../core/noise/crop.js';
import type { NoiseCrop } from '../../core/noise/plane.js';
import { below } from '../../core/noise/sample-random.js';
import { writeAtomically } from '../atomic-file.js';
import { messageOf } from '../codec/faults.js';
import { PhotoStore } from './photos.js';

/**
 * Pictures that show the same and differ by their noise: one goes in, and the clean one, or the mean of the others, is
 * what should come out. Where the target has noise of its own, the net that makes the squared error least is the one for
 * the clean target (Lehtinen et al., Noise2Noise, ICML 2018).
 */

const Group = z.strictObject({
  /** Absolute paths of noisy pictures of one size, at least one; without a clean one at least two. */
  frames: z.array(z.string()).min(1),
  clean: z.string().nullable(),
  /** Only to evaluate with. */
  heldOut: z.boolean(),
});
const PairsFile = z.strictObject({ groups: z.array(Group).min(1) });

/** Pictures of the same part of a scene. */
export type PairGroup = z.infer<typeof Group>;

/** @throws AppError 'output/...' */
export function writePairs(file: string, groups: readonly PairGroup[]): Promise<void> {
  return writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, JSON.stringify({ groups }, null, 1)));
}

/** The groups that a recipe learns from, or those that it is evaluated with; null: it has no share for pairs. */
export async function pairsOf(
  { pairs, crop }: DataRecipe,
  part: 'training' | 'held out',
  signal?: AbortSignal,
): Promise<PairStore | null> {
  if (pairs.share === 0 || pairs.file === null) return null;
  const groups = await readPairs(pairs.file);
  const wanted = groups.filter(({ heldOut }) => heldOut === (part === 'held out'));
  return PairStore.open(wanted, crop, signal);
}

/** @throws AppError 'input/unreadable', 'input/damaged' */
async function readPairs(file: string): Promise<PairGroup[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('input/unreadable', `the scenes in ${file} could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  });
  try {
    return PairsFile.parse(JSON.parse(text)).groups;
  } catch (error) {
    throw new AppError('input/damaged', `${file} is no list of scenes`, { cause: error });
  }
}

/** The pictures of groups, read as they are needed. */
export class PairStore {
  private constructor(
    private readonly groups: readonly PairGroup[],
    private readonly store: PhotoStore,
  ) {}

  /** @throws AppError 'input/not-found' without groups, 'input/damaged' for a picture that is not there whole any more */
  static async open(groups: readonly PairGroup[], crop: number, signal?: AbortSignal): Promise<PairStore> {
    const paths = groups.flatMap(({ frames, clean }) => (clean === null ? frames : [...frames, clean]));
    const store = await PhotoStore.open(paths, { crop, longestSide: null, ...(signal && { signal }) });
    const [problem] = store.problems;
    if (problem !== undefined) throw new AppError('input/damaged', `${problem.path}: ${problem.message}`);
    return new PairStore(groups, store);
  }

  /** Draws a crop of a noisy picture and the target for it; the level of the noise is not known: 0. */
  async draw(crop: NoiseCrop, recipe: DataRecipe, random: Random): Promise<void> {
    const { frames, clean } = this.groups[below(random, this.groups.length)]!;
    const input = below(random, frames.length);
    const noisy = await this.picture(frames[input]!);
    const place = drawPlace(noisy, recipe, random);
    cutCrop(noisy, place, crop.side, crop.noisy);
    crop.sigma.fill(0);
    const targets = clean === null ? frames.filter((_, index) => index !== input) : [clean];
    if (targets.length === 1) {
      cutCrop(await this.picture(targets[0]!), place, crop.side, crop.clean);
      return;
    }
    const part = new Float32Array(crop.clean.length);
    crop.clean.fill(0);
    for (const target of targets) {
      cutCrop(await this.picture(target), place, crop.side, part);
      for (let i = 0; i < part.length; i++) crop.clean[i]! += part[i]! / targets.length;
    }
  }

  private async picture(path: string): Promise<CropSource> {
    return this.store.peek(path) ?? (await this.store.get(path));
  }
}
