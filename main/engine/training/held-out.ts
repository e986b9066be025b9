import type { DataRecipe } from '../../../preload/training/data-recipe.js';
import type { Random } from '../../core/image/random.js';
import { cutCrop, drawPlace } from '../../core/noise/crop.js';
import { addGaussian } from '../../core/noise/gaussian.js';
import { drawNoise } from '../../core/noise/mix.js';
import type { NoiseCrop } from '../../core/noise/plane.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { bankOf } from './bank-file.js';
import { pairsOf } from './pairs.js';
import { cropOf, emptyBatch, type TrainingBatch } from './batches.js';
import { PhotoStore, type PhotoProblem } from './photos.js';

/** What a run is evaluated with: crops and noise that never change. */

/** Crops with one kind of noise: 'gaussian-15', 'gaussian-25' and 'gaussian-50' of 255, unclipped, or the recipe's own. */
export interface HeldOutSet {
  readonly name: string;
  /** Number of crops, N of the batch. */
  readonly count: number;
  /** Its step has no meaning. */
  readonly batch: TrainingBatch;
}

export interface HeldOutSamples {
  readonly sets: readonly HeldOutSet[];
  readonly problems: readonly PhotoProblem[];
}

/** The set with the recipe's own mix of noise; of pairs, where it learns from those. */
export const RECIPE_SET = 'recipe';
const SIGMAS = [15, 25, 50] as const;
/** Steps count from 0 up: from here down, streams are not those of any training batch. */
const PLACES_STREAM = 2 ** 32 - 1;

/**
 * `count` crops of held-out photos, the photos in turns, each with all the noises: the same numbers for the same photos,
 * recipe and seed.
 * @throws AppError input/not-found when none of the photos can be used
 */
export async function heldOutSamples(options: {
  readonly photos: readonly string[];
  readonly recipe: DataRecipe;
  readonly seed: number;
  readonly count: number;
  /** Of Gaussian noise besides the recipe's own, of 255. */
  readonly sigmas?: readonly number[];
  readonly signal?: AbortSignal;
}): Promise<HeldOutSamples> {
  const { photos, recipe, seed, count, signal } = options;
  const { crop: side, longestSide } = recipe;
  const store = await PhotoStore.open(photos, { crop: side, longestSide, ...(signal && { signal }) });
  const bank = await bankOf(recipe.noise);
  const pairs = await pairsOf(recipe, 'held out', signal);
  const noises: { name: string; add: (crop: NoiseCrop, random: Random) => void | Promise<void> }[] = [
    ...(options.sigmas ?? SIGMAS).map((sigma) => ({
      name: `gaussian-${sigma}`,
      add: (crop: NoiseCrop, random: Random) => {
        addGaussian(crop, sigma / 255, random);
      },
    })),
    {
      name: RECIPE_SET,
      add: (crop, random) => {
        const draw = pairs?.draw(crop, { ...recipe, flips: false }, random);
        if (draw === undefined) drawNoise(crop, recipe.noise, random, bank);
        return draw;
      },
    },
  ];
  const sets = noises.map(({ name }) => ({ name, count, batch: emptyBatch(0, count, side) }));
  for (let index = 0; index < count; index++) {
    const path = store.paths[index % store.paths.length]!;
    const photo = await store.get(path);
    const place = drawPlace(photo, { ...recipe, flips: false }, sampleRandom(seed, PLACES_STREAM, index));
    for (const [i, { add }] of noises.entries()) {
      const crop = cropOf(sets[i]!.batch, index, side, false);
      cutCrop(photo, place, side, crop.clean);
      await add(crop, sampleRandom(seed, PLACES_STREAM - 1 - i, index));
    }
  }
  return { sets, problems: store.problems };
}
