import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PhotoStore, splitPhotos } from '../../../../main/engine/training/photos.js';
import { ODD_PHOTOS, writePhoto } from '../../../support/odd-photos.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { writeTrainingPhotos } from '../../../support/training-photos.js';

const options = { crop: 48, longestSide: null };

describe('PhotoStore', () => {
  it('reports what cannot be used, and why, and uses the rest', async () => {
    const folder = tempFolder();
    const good = await writeTrainingPhotos(folder);
    const bad = Object.keys(ODD_PHOTOS).map((kind) => join(folder, `${kind}.jpg`));
    for (const [kind, write] of Object.entries(ODD_PHOTOS)) await write(join(folder, `${kind}.jpg`));
    const small = join(folder, 'small.png');
    await writePhoto(small, 64, 47);
    const missing = join(folder, 'missing.jpg');
    const fractions: number[] = [];
    const store = await PhotoStore.open([missing, ...bad, small, ...good.toReversed(), good[0]!], {
      ...options,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(store.paths).toEqual([...good].sort());
    expect(store.problems.map(({ path }) => path)).toEqual([...bad, missing, small].sort());
    const messages = Object.fromEntries(store.problems.map(({ path, message }) => [basename(path), message]));
    expect(messages['small.png']).toBe('64 x 47 pixels are less than a crop of 48');
    expect(messages['missing.jpg']).toContain('not there');
    expect(messages['truncated.jpg']).toContain('truncated');
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it.each([
    [[], 'there are no photos to train on'],
    [['small.png'], 'the only photo found cannot be trained on: small.png: 64 x 32 pixels are less than a crop of 48'],
    [
      ['small.png', 'other.png'],
      'none of the 2 photos found can be trained on: other.png: 64 x 32 pixels are less than a crop of 48 (the same for all)',
    ],
    [
      ['small.png', 'a-text.jpg', 'b-gone.jpg'],
      /^none of the 3 photos found can be trained on: a-text\.jpg: the contents are no image that we know: .* \(and 2 more\)$/,
    ],
  ] as const)('of %j says that none can be used', async (names, message) => {
    const folder = tempFolder();
    await writePhoto(join(folder, 'small.png'), 64, 32);
    await writePhoto(join(folder, 'other.png'), 64, 32);
    ODD_PHOTOS.text(join(folder, 'a-text.jpg'));
    const opening = PhotoStore.open(
      names.map((name) => join(folder, name)),
      options,
    );
    await expect(opening).rejects.toMatchObject({ code: 'input/not-found' });
    await expect(opening).rejects.toThrow(message);
  });

  it('reads again what did not fit into memory', async () => {
    const paths = await writeTrainingPhotos(tempFolder());
    const all = await PhotoStore.open(paths, options);
    const photos = await Promise.all(all.paths.map((path) => all.get(path)));
    for (const budget of [0, 60_000]) {
      const store = await PhotoStore.open(paths, { ...options, budget });
      expect(store.paths).toEqual(all.paths);
      const kept = (): number[] => store.paths.flatMap((path, i) => (store.peek(path) ? [i] : []));
      for (const i of [3, 0, 2, 1]) {
        const { width, height, data } = await store.get(store.paths[i]!);
        expect([width, height]).toEqual([photos[i]!.width, photos[i]!.height]);
        expect(Buffer.compare(data, photos[i]!.data)).toBe(0);
        // The one used last is among those kept; together they fit.
        if (budget > 0) expect(kept()).toContain(i);
        expect(kept().reduce((sum, k) => sum + photos[k]!.data.length, 0)).toBeLessThanOrEqual(budget);
      }
    }
  });

  it('forgets the photo not used for longest', async () => {
    const paths = (await writeTrainingPhotos(tempFolder())).slice(0, 3);
    // 96 x 96, 120 x 90 and 100 x 80: any two fit, three do not.
    const store = await PhotoStore.open(paths, { ...options, budget: 63_000 });
    const [first, second, third] = paths as [string, string, string];
    await store.get(first);
    await store.get(second);
    await store.get(first);
    await store.get(third);
    const kept = (): string[] => [third, second, first].filter((path) => store.peek(path) !== undefined);
    expect(kept()).toEqual([third, first]);
    // Looking was using, too: the third was looked at before the first.
    await store.get(second);
    expect(kept()).toEqual([second, first]);
  });

  it('says which photo changed or went while it was trained on', async () => {
    const folder = tempFolder();
    const paths = await writeTrainingPhotos(folder);
    const store = await PhotoStore.open(paths, { ...options, budget: 0 });
    await writePhoto(paths[3]!, 80, 80);
    await expect(store.get(paths[3]!)).rejects.toMatchObject({
      code: 'input/changed',
      message: 'rocket.png was changed while it was being trained on',
    });
    rmSync(paths[0]!);
    await expect(store.get(paths[0]!)).rejects.toMatchObject({
      code: 'input/not-found',
      message: expect.stringMatching(/^astronaut\.jpg: the file is not there/) as string,
    });
  });

  it('stops when it is told to', async () => {
    const paths = await writeTrainingPhotos(tempFolder());
    const opening = PhotoStore.open(paths, { ...options, signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});

describe('splitPhotos', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `/photos/IMG_${i}.jpg`);
  const limits = { share: 0.05, most: 16 };

  it('holds out its share, at most so many, and trains on the rest', () => {
    const { training, heldOut } = splitPhotos(names(200), limits);
    expect(heldOut.length).toBeGreaterThan(3);
    expect(heldOut.length).toBeLessThanOrEqual(16);
    expect([...training, ...heldOut].sort()).toEqual(names(200).sort());
    expect(splitPhotos(names(1000), limits).heldOut).toHaveLength(16);
    expect(splitPhotos(names(1000), { share: 0.05, most: 1000 }).heldOut.length).toBeGreaterThan(30);
  });

  it('does not depend on the order, the folder or repetitions', () => {
    const split = splitPhotos(names(200), limits);
    expect(splitPhotos(names(200).reverse(), limits)).toEqual(split);
    expect(splitPhotos([...names(200), ...names(50)], limits)).toEqual(split);
    const moved = splitPhotos(
      names(200).map((path) => path.replace('/photos', '/elsewhere')),
      limits,
    );
    expect(moved.heldOut.map((path) => path.replace('/elsewhere', '/photos'))).toEqual(split.heldOut);
  });

  it('keeps photos on their side when others are added', () => {
    const unlimited = { share: 0.05, most: 1000 };
    const before = splitPhotos(names(200), unlimited);
    const after = splitPhotos(names(400), unlimited);
    expect(before.heldOut.length).toBeGreaterThan(1);
    expect(after.heldOut).toEqual(expect.arrayContaining([...before.heldOut]));
    expect(after.training).toEqual(expect.arrayContaining([...before.training]));
  });

  it('holds one out of few, and never all', () => {
    for (const count of [2, 3, 5]) {
      const { training, heldOut } = splitPhotos(names(count), { share: 0.001, most: 16 });
      expect([training.length, heldOut.length]).toEqual([count - 1, 1]);
    }
    const most = splitPhotos(['/a/x.jpg', '/b/x.jpg'], { share: 0.5, most: 16 });
    expect([most.training.length, most.heldOut.length]).toEqual([1, 1]);
  });

  it('holds none out if the share is 0, and refuses to split one', () => {
    expect(splitPhotos(names(3), { share: 0, most: 16 })).toEqual({ training: names(3), heldOut: [] });
    expect(splitPhotos(names(1), { share: 0, most: 16 }).training).toEqual(names(1));
    expect(() => splitPhotos(names(1), limits)).toThrow(
      'there is only one usable photo, IMG_0.jpg: training needs a second photo to evaluate with, or a recipe whose heldOut.share is 0',
    );
  });
});
