import type { DataRecipe } from '../../../preload/training/data-recipe.js';
import { cutCrop, drawPlace, type CropSource } from '../../core/noise/crop.js';
import type { NoiseBank } from '../../core/noise/bank.js';
import { drawNoise } from '../../core/noise/mix.js';
import { toGrey, type NoiseCrop } from '../../core/noise/plane.js';
import { below, happens, sampleRandom } from '../../core/noise/sample-random.js';
import type { PairStore } from './pairs.js';
import type { PhotoStore } from './photos.js';

/** Makes batches: crops of photos, and noise on them. */

/** What one step learns from: N crops of 3 planes (R, G, B) of S x S, gamma-encoded in [0,1]. */
export interface TrainingBatch {
  readonly step: number;
  /** [N, 3, S, S]; beyond [0,1] where Gaussian noise was not clipped. */
  readonly noisy: Float32Array;
  /** [N, 3, S, S] */
  readonly clean: Float32Array;
  /** [N, 3, S, S]: standard deviation of the noise, in the units of the crops. */
  readonly sigma: Float32Array;
}

/** Room for `count` crops of `side`. */
export function emptyBatch(step: number, count: number, side: number): TrainingBatch {
  const samples = count * 3 * side * side;
  return {
    step,
    noisy: new Float32Array(samples),
    clean: new Float32Array(samples),
    sigma: new Float32Array(samples),
  };
}

/** The crop at `index` of a batch: views into it. */
export function cropOf(batch: TrainingBatch, index: number, side: number, grey: boolean): NoiseCrop {
  const samples = 3 * side * side;
  const part = (all: Float32Array): Float32Array => all.subarray(index * samples, (index + 1) * samples);
  return { side, grey, noisy: part(batch.noisy), clean: part(batch.clean), sigma: part(batch.sigma) };
}

/**
 * The batch of a step. Each sample depends on the seed, the step, its index and the list of photos alone.
 *
 * @param paths photos of the store to draw from
 * @param bank noise that the recipe has a share for
 * @param pairs frames that it has a share for
 */
export async function makeBatch(
  store: PhotoStore,
  paths: readonly string[],
  recipe: DataRecipe,
  seed: number,
  step: number,
  bank: NoiseBank | null = null,
  pairs: PairStore | null = null,
): Promise<TrainingBatch> {
  const batch = emptyBatch(step, recipe.batch, recipe.crop);
  for (let index = 0; index < recipe.batch; index++) {
    const random = sampleRandom(seed, step, index);
    // Without pairs nothing is drawn for them: batches are what they were before there were any.
    if (pairs !== null && happens(random, recipe.pairs.share)) {
      await pairs.draw(cropOf(batch, index, recipe.crop, false), recipe, random);
      continue;
    }
    const path = paths[below(random, paths.length)]!;
    const place = drawPlace(store.sizeOf(path), recipe, random);
    const grey = happens(random, recipe.grey);
    // Photos in memory are taken without a turn of the event loop.
    const photo: CropSource = store.peek(path) ?? (await store.get(path));
    const crop = cropOf(batch, index, recipe.crop, grey);
    cutCrop(photo, place, recipe.crop, crop.clean);
    if (grey) toGrey(crop.clean);
    drawNoise(crop, recipe.noise, random, bank);
  }
  return batch;
}
