import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { makeBatch } from '../../main/engine/training/batches.js';
import type { BatchLoader as Loader, LoaderOptions, TrainingBatch } from '../../main/engine/training/loader.js';
import { PhotoStore } from '../../main/engine/training/photos.js';
import { writePairs } from '../../main/engine/training/pairs.js';
import { DataRecipe } from '../../preload/training/data-recipe.js';
import { fingerprint } from '../support/noise-crops.js';
import { ODD_PHOTOS, writePhoto } from '../support/odd-photos.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { writeTrainingPhotos } from '../support/training-photos.js';

// Compiled: a thread cannot be started from TypeScript.
const BUILT = new URL('../../dist/main/engine/training/loader.js', import.meta.url).href;
const { BatchLoader } = (await import(BUILT)) as { BatchLoader: typeof Loader };

const recipe = DataRecipe.parse({ crop: 48, batch: 3 });
const photos = await writeTrainingPhotos(sharedFolder());
const { signal } = new AbortController();
const open: Loader[] = [];

const digest = ({ noisy, clean, sigma }: TrainingBatch): string => fingerprint(noisy, clean, sigma);

async function load(options: Partial<LoaderOptions> = {}): Promise<Loader> {
  const loader = await BatchLoader.open({ photos, recipe, seed: 7, firstStep: 0, ...options });
  open.push(loader);
  return loader;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((loader) => loader.close()));
});

describe('BatchLoader', () => {
  it('gives the same crops of pairs wherever it begins', async () => {
    const file = join(tempFolder(), 'pairs.json');
    await writePairs(file, [{ frames: [photos[0]!], clean: photos[0]!, heldOut: false }]);
    const ofPairs = { ...recipe, batch: 6, pairs: { share: 0.5, file } };
    const unbroken = await load({ recipe: ofPairs });
    const digests: string[] = [];
    for (let step = 0; step < 4; step++) digests.push(digest(await unbroken.next(signal)));
    expect(new Set(digests).size).toBe(4);
    const later = await load({ recipe: ofPairs, firstStep: 2, ahead: 1 });
    for (const wanted of digests.slice(2)) expect(digest(await later.next(signal))).toBe(wanted);
    const gone = { ...recipe, pairs: { share: 0.5, file: `${file}.gone` } };
    await expect(load({ recipe: gone })).rejects.toMatchObject({ code: 'input/unreadable' });
  });

  it('gives the batches of all steps in order, whatever is made ahead', async () => {
    const store = await PhotoStore.open(photos, { crop: 48, longestSide: recipe.longestSide });
    for (const [ahead, firstStep, budget] of [
      [1, 0, undefined],
      [4, 3, undefined],
      [2, 1, 30_000],
    ] as const) {
      const loader = await load({ ahead, firstStep, ...(budget !== undefined && { budget }) });
      for (let step = firstStep; step < firstStep + 6; step++) {
        const batch = await loader.next(signal);
        expect(batch.step).toBe(step);
        expect(digest(batch)).toBe(digest(await makeBatch(store, store.paths, recipe, 7, step)));
      }
    }
  });

  it('makes no more ahead than it may', async () => {
    const paths = await writeTrainingPhotos(tempFolder());
    // Nothing is kept in memory: once the photos are gone, no further batch can be made.
    const loader = await load({ photos: paths, ahead: 2, budget: 0 });
    expect((await loader.next(signal)).step).toBe(0);
    // Long enough for dozens.
    await setTimeout(500);
    for (const path of paths) rmSync(path);
    const steps: number[] = [];
    const failure = await (async () => {
      for (;;) steps.push((await loader.next(signal)).step);
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'input/not-found' });
    expect(steps.length).toBeLessThanOrEqual(2);
    // And it stays so.
    await expect(loader.next(signal)).rejects.toMatchObject({ code: 'input/not-found' });
  });

  it('says which photos cannot be used, and holds out of those that can', async () => {
    const folder = tempFolder();
    const good = await writeTrainingPhotos(folder);
    const damaged = join(folder, 'damaged.jpg');
    await ODD_PHOTOS.truncated(damaged);
    const small = join(folder, 'small.png');
    await writePhoto(small, 40, 200);
    const fractions: number[] = [];
    const loader = await load({
      photos: [damaged, ...good, small],
      holdOut: true,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(loader.problems.map(({ path }) => path)).toEqual([damaged, small]);
    expect(loader.heldOut).toHaveLength(1);
    expect([...loader.photos, ...loader.heldOut].sort()).toEqual([...good].sort());
    expect(fractions.at(-1)).toBe(1);
    expect((await loader.next(signal)).clean.length).toBe(3 * 3 * 48 * 48);
  });

  it.each([
    ['no photos', () => [], 'there are no photos to train on'],
    ['photos that are not there', () => ['/nowhere/a.jpg', '/nowhere/b.jpg'], /^none of the 2 photos found .*a\.jpg/],
  ])('does not open with %s', async (_, list, message) => {
    const opening = load({ photos: list() });
    await expect(opening).rejects.toMatchObject({ code: 'input/not-found' });
    await expect(opening).rejects.toThrow(message);
  });

  it('can be cancelled while it opens and while a batch is awaited, and goes on after that', async () => {
    await expect(load({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'engine/cancelled' });
    const loader = await load();
    await expect(loader.next(AbortSignal.abort())).rejects.toMatchObject({ code: 'engine/cancelled' });
    const controller = new AbortController();
    const taken = Promise.allSettled([loader.next(controller.signal)]);
    controller.abort();
    const [outcome] = await taken;
    // It may have been there already; none is lost either way.
    const expected = outcome.status === 'fulfilled' ? 1 : 0;
    expect((await loader.next(signal)).step).toBe(expected);
  });

  it('gives nothing once it is closed, and may be closed twice', async () => {
    const loader = await load();
    const waiting = load().then((other) => other.close());
    await loader.close();
    await loader.close();
    await waiting;
    await expect(loader.next(signal)).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});
