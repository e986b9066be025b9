import { describe, expect, it } from 'vitest';
import { makeBatch, type TrainingBatch } from '../../../../main/engine/training/batches.js';
import { heldOutSamples } from '../../../../main/engine/training/held-out.js';
import { PhotoStore } from '../../../../main/engine/training/photos.js';
import { DataRecipe } from '../../../../preload/training/data-recipe.js';
import { deviation, fingerprint, isGrey } from '../../../support/noise-crops.js';
import { sharedFolder } from '../../../support/temp-folder.js';
import { writeTrainingPhotos } from '../../../support/training-photos.js';

const SIDE = 48;
const SAMPLES = 3 * SIDE * SIDE;
const recipe = DataRecipe.parse({ crop: SIDE, batch: 6 });
const paths = await writeTrainingPhotos(sharedFolder());
const options = { crop: SIDE, longestSide: null };
const store = await PhotoStore.open(paths, options);

const digest = ({ noisy, clean, sigma }: TrainingBatch): string => fingerprint(noisy, clean, sigma);
const part = (samples: Float32Array, index: number): Float32Array =>
  samples.subarray(index * SAMPLES, (index + 1) * SAMPLES);

describe('makeBatch', () => {
  it('gives crops of the photos, with noise and its sigma', async () => {
    const { step, noisy, clean, sigma } = await makeBatch(store, store.paths, recipe, 1, 5);
    expect(step).toBe(5);
    for (const samples of [noisy, clean, sigma]) expect(samples.length).toBe(6 * SAMPLES);
    for (let i = 0; i < 6; i++) {
      expect(part(clean, i).every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(deviation(part(clean, i))).toBeGreaterThan(0.01);
      const noise = part(noisy, i).map((value, k) => value - part(clean, i)[k]!);
      const told = Math.sqrt(part(sigma, i).reduce((sum, value) => sum + value * value, 0) / SAMPLES);
      // Clipping takes some away.
      expect(deviation(noise) / told).toBeGreaterThan(0.6);
      expect(deviation(noise) / told).toBeLessThan(1.1);
    }
  });

  it('depends on seed, step and photos alone', async () => {
    const batch = await makeBatch(store, store.paths, recipe, 1, 5);
    await makeBatch(store, store.paths, recipe, 1, 6);
    expect(digest(await makeBatch(store, store.paths, recipe, 1, 5))).toBe(digest(batch));
    const forgetful = await PhotoStore.open(paths.toReversed(), { ...options, budget: 30_000 });
    expect(digest(await makeBatch(forgetful, forgetful.paths, recipe, 1, 5))).toBe(digest(batch));
    const others = [
      await makeBatch(store, store.paths, recipe, 2, 5),
      await makeBatch(store, store.paths, recipe, 1, 6),
    ];
    for (const other of others) expect(digest(other)).not.toBe(digest(batch));
  });

  it('gives a sample the same in a larger batch', async () => {
    const small = await makeBatch(store, store.paths, recipe, 1, 5);
    const large = await makeBatch(store, store.paths, { ...recipe, batch: 8 }, 1, 5);
    expect(fingerprint(large.noisy.subarray(0, small.noisy.length))).toBe(fingerprint(small.noisy));
  });

  it('takes colour away by its share, and none from grey', async () => {
    const coloured = store.paths.filter((path) => !path.includes('grey'));
    const greys = async (share: number): Promise<number> => {
      const batch = await makeBatch(store, coloured, { ...recipe, batch: 60, grey: share }, 1, 0);
      const grey = Array.from({ length: 60 }, (_, i) => isGrey(part(batch.clean, i)) && isGrey(part(batch.noisy, i)));
      return grey.filter(Boolean).length;
    };
    expect(await greys(0)).toBe(0);
    expect(await greys(1)).toBe(60);
    const half = await greys(0.5);
    expect(half > 15 && half < 45).toBe(true);
  });
});

describe('heldOutSamples', () => {
  const evaluation = { photos: paths, recipe, seed: 3, count: 5 };

  it('has Gaussian noise of 15, 25 and 50 and the recipe on the same crops', async () => {
    const { sets, problems } = await heldOutSamples({ ...evaluation, photos: [...paths, '/nowhere.jpg'] });
    expect(problems.map(({ path }) => path)).toEqual(['/nowhere.jpg']);
    expect(sets.map(({ name, count }) => [name, count])).toEqual([
      ['gaussian-15', 5],
      ['gaussian-25', 5],
      ['gaussian-50', 5],
      ['recipe', 5],
    ]);
    [15, 25, 50].forEach((sigma, i) => {
      const { noisy, clean, sigma: told } = sets[i]!.batch;
      expect(Math.abs(deviation(noisy.map((value, k) => value - clean[k]!)) / (sigma / 255) - 1)).toBeLessThan(0.03);
      expect(told.every((value) => value === Math.fround(sigma / 255))).toBe(true);
      expect(fingerprint(clean)).toBe(fingerprint(sets[3]!.batch.clean));
    });
    expect(Math.min(...sets[2]!.batch.noisy)).toBeLessThan(-0.05);
    // Photos take turns: with four of them, the fifth crop is of the first again, but of another place.
    const crops = Array.from({ length: 5 }, (_, i) => String(part(sets[0]!.batch.clean, i).slice(0, 50)));
    expect(new Set(crops).size).toBe(5);
  });

  it('gives the same numbers each time, others for another seed', async () => {
    const first = await heldOutSamples(evaluation);
    const again = await heldOutSamples({ ...evaluation, photos: paths.toReversed() });
    expect(again.sets.map(({ batch }) => digest(batch))).toEqual(first.sets.map(({ batch }) => digest(batch)));
    const other = await heldOutSamples({ ...evaluation, seed: 4 });
    expect(fingerprint(other.sets[0]!.batch.clean)).not.toBe(fingerprint(first.sets[0]!.batch.clean));
  });

  it('says when no photo can be used', async () => {
    await expect(heldOutSamples({ ...evaluation, photos: [] })).rejects.toMatchObject({ code: 'input/not-found' });
  });
});
