import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PhotoStore } from '../../../../main/engine/training/photos.js';
import { makeBatch } from '../../../../main/engine/training/batches.js';
import { heldOutSamples } from '../../../../main/engine/training/held-out.js';
import { pairsOf, writePairs } from '../../../../main/engine/training/pairs.js';
import { DataRecipe } from '../../../../preload/training/data-recipe.js';
import { sharp } from '../../../support/codec-photos.js';
import { sharedFolder } from '../../../support/temp-folder.js';

const folder = sharedFolder();
const [width, height] = [80, 64];

/** A picture whose pixels tell where they are, and which frame it is: red is x, green y, blue the frame. */
async function frame(name: string, blue: number): Promise<string> {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) pixels.set([i % width, Math.floor(i / width), blue], 3 * i);
  const path = join(folder, name);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

const burst = { frames: [await frame('1.png', 30), await frame('2.png', 60), await frame('3.png', 120)], clean: null };
const pair = { frames: [await frame('noisy.png', 200)], clean: await frame('clean.png', 250) };
const file = join(folder, 'pairs.json');
await writePairs(file, [
  { ...burst, heldOut: false },
  { ...pair, heldOut: true },
]);
const recipe = DataRecipe.parse({ crop: 32, batch: 24, pairs: { share: 1, file } });
const store = await PhotoStore.open(burst.frames, { crop: 32, longestSide: null });
const plane = 32 * 32;

describe('pairs', () => {
  it('are cut at the same place, turned alike; the target of a burst is the mean of the other frames', async () => {
    const pairs = await pairsOf(recipe, 'training');
    const { noisy, clean, sigma } = await makeBatch(store, store.paths, recipe, 1, 0, null, pairs);
    const seen = new Set<string>();
    for (let index = 0; index < recipe.batch; index++) {
      const at = 3 * plane * index;
      // Place by place the same.
      expect(clean.subarray(at, at + 2 * plane)).toEqual(noisy.subarray(at, at + 2 * plane));
      const [input, target] = [noisy, clean].map((part) => Math.round(255 * part[at + 2 * plane]!));
      seen.add(`${input} ${target}`);
    }
    expect(seen).toEqual(new Set(['30 90', '60 75', '120 45']));
    expect(sigma.every((value) => value === 0)).toBe(true);
  });

  it('are held out as the list says, and then are what the net is judged by', async () => {
    const { sets } = await heldOutSamples({ photos: burst.frames, recipe, seed: 1, count: 4 });
    const { batch } = sets.find(({ name }) => name === 'recipe')!;
    for (let index = 0; index < 4; index++) {
      const at = 3 * plane * index + 2 * plane;
      expect([batch.noisy[at]!, batch.clean[at]!].map((value) => Math.round(255 * value))).toEqual([200, 250]);
    }
  });

  it('come by their share, and the others are what they would be without them', async () => {
    const pairs = await pairsOf(recipe, 'training');
    const some = { ...recipe, batch: 200, pairs: { share: 0.7, file } };
    const { sigma } = await makeBatch(store, store.paths, some, 1, 0, null, pairs);
    const known = Array.from({ length: 200 }, (_, index) => sigma[3 * plane * index]! > 0).filter(Boolean).length;
    expect(Math.abs(known / 200 - 0.3)).toBeLessThan(0.1);
    expect(await pairsOf(DataRecipe.parse({}), 'training')).toBeNull();
  });

  it('refuses a list that is none, and pictures that are gone', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"groups": []}');
    const of = (path: string) => pairsOf({ ...recipe, pairs: { share: 1, file: path } }, 'training');
    await expect(of(broken)).rejects.toMatchObject({ code: 'input/damaged' });
    await expect(of(join(folder, 'nowhere.json'))).rejects.toMatchObject({ code: 'input/unreadable' });
    const gone = join(folder, 'gone.json');
    await writePairs(gone, [{ ...burst, frames: [...burst.frames, join(folder, '4.png')], heldOut: false }]);
    await expect(of(gone)).rejects.toMatchObject({
      code: 'input/damaged',
      message: expect.stringMatching(/4\.png/) as string,
    });
  });
});
