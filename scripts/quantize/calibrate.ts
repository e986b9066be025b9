import { DataRecipe } from '../../preload/training/data-recipe.js';
import { createRandom } from '../../main/core/image/random.js';
import { bindInputShapes } from '../../main/core/onnx/shapes.js';
import type { Graph } from '../../main/core/onnx/model.js';
import { ActivationStatistics, observed } from '../../main/core/quantization/ranges.js';
import { makeBatch, type TrainingBatch } from '../../main/engine/training/batches.js';
import { PhotoStore, splitPhotos, type PhotoSplit } from '../../main/engine/training/photos.js';
import type { RuntimeTensor } from '../../main/engine/runtime.js';
import { openGraph } from '../../main/engine/sessions.js';

/** Photos with noise on them: what ranges are found on, and what the 8-bit net is judged by. */

const CROP = 128;
const BATCH = 4;
const DIMS = [BATCH, 3, CROP, CROP] as const;
/** Batches that ranges are found on. */
const CALIBRATION_BATCHES = 12;
/** Batches that each noise level is judged on. */
const JUDGED_BATCHES = 4;

/** The trainer's mix of noises, more of it weak or strong than when a net is trained: both ends of ranges count. */
const MIX = DataRecipe.parse({
  crop: CROP,
  batch: BATCH,
  noise: { gaussian: { share: 0.5, sigma: [0, 75], low: { share: 0.3, sigma: [0, 12] }, clipped: 0.9 } },
});
const CLEAN = DataRecipe.parse({
  crop: CROP,
  batch: BATCH,
  grey: 0,
  noise: {
    gaussian: { share: 1, sigma: [0, 0], low: { share: 0, sigma: [0, 0] } },
    ...Object.fromEntries(['channels', 'grain', 'camera', 'jpeg'].map((kind) => [kind, { share: 0 }])),
  },
});

export interface Photos {
  readonly store: PhotoStore;
  readonly split: PhotoSplit;
}

/** Reads the photos of a list; a part of them is only judged on. @throws AppError 'input/not-found' for none */
export async function openPhotos(paths: readonly string[]): Promise<Photos> {
  const store = await PhotoStore.open(paths, { crop: CROP, longestSide: null });
  return { store, split: splitPhotos(store.paths, { share: 0.1, most: 16 }) };
}

/** What the activations of a net are like on noisy photos. */
export async function calibrate(net: Graph, { store, split }: Photos, seed: number): Promise<ActivationStatistics> {
  const bound = bindInputShapes(net, { image: DIMS, sigma: DIMS });
  const session = await openGraph(observed(bound), { provider: 'cpu', threads: null });
  const statistics = new ActivationStatistics();
  try {
    for (let step = 0; step < CALIBRATION_BATCHES; step++) {
      const { noisy, sigma } = await makeBatch(store, split.training, MIX, seed, step);
      statistics.add(new Map(Object.entries(await session.run(feedsOf(noisy, sigma)))));
    }
    return statistics;
  } finally {
    await session.release();
  }
}

/** A batch as the program meets it: 8-bit samples with Gaussian noise of one level. */
export interface NoisyBatch {
  /** Standard deviation in 8-bit units. */
  readonly level: number;
  readonly clean: Float32Array;
  readonly feeds: Readonly<Record<string, RuntimeTensor>>;
}

/** Batches of the photos that ranges were not found on; they come from a stream of their own. */
export async function judgedBatches(
  { store, split }: Photos,
  levels: readonly number[],
  seed: number,
): Promise<NoisyBatch[]> {
  const batches: NoisyBatch[] = [];
  for (let step = 0; step < JUDGED_BATCHES; step++) {
    const { clean }: TrainingBatch = await makeBatch(store, split.heldOut, CLEAN, seed, step);
    for (const level of levels) {
      const random = createRandom(seed + 1000 * level + step);
      const noisy = clean.map((value) => {
        return Math.min(255, Math.max(0, Math.round(value * 255 + level * random.normal()))) / 255;
      });
      const sigma = new Float32Array(noisy.length).fill(level / 255);
      batches.push({ level, clean, feeds: feedsOf(noisy, sigma) });
    }
  }
  return batches;
}

function feedsOf(image: Float32Array, sigma: Float32Array): Record<string, RuntimeTensor> {
  return { image: { type: 'float32', dims: DIMS, data: image }, sigma: { type: 'float32', dims: DIMS, data: sigma } };
}
