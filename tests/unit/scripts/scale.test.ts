import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPixels, SAMPLES } from '../../../scripts/support/images.js';
import { writeHugePhoto } from '../../../scripts/bench/scale-photos.js';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-test-'));
});
afterAll(() => rm(work, { recursive: true }));

it('a huge photo is a TIFF that the program reads: mirrored copies of a photo, in strips', async () => {
  const target = path.join(work, 'photo.tif');
  const size = await writeHugePhoto(target, 1.2);
  const photo = await readPixels(target);
  const sample = await readPixels(path.join(SAMPLES, 'coffee.png'));
  expect(photo).toMatchObject({ ...size, channels: 3, depth: 8 });
  expect((size.width * size.height) / 1e6).toBeCloseTo(1.2, 1);
  expect(size.width).toBeGreaterThan(2 * sample.width);
  expect(size.height).toBeGreaterThan(sample.height);
  const at = (x: number, y: number): number[] => {
    const from = (y * photo.width + x) * photo.channels;
    return [...photo.data.subarray(from, from + photo.channels)];
  };
  for (const y of [0, 63, 64, 301]) {
    expect(at(sample.width, y)).toEqual(at(sample.width - 2, y));
    expect(at(2 * sample.width - 2, y)).toEqual(at(0, y));
  }
  expect(at(7, sample.height + 4)).toEqual(at(7, sample.height - 6));
  // Noise of 12 was added: the copy is near its original, and not the same.
  const original = [...sample.data.subarray(0, 3 * sample.width)];
  const difference = original.reduce((sum, value, i) => sum + Math.abs(value - photo.data[i]!), 0) / original.length;
  expect(difference).toBeGreaterThan(5);
  expect(difference).toBeLessThan(15);
});
