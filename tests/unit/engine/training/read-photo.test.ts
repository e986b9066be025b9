import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPhoto, trainingSize } from '../../../../main/engine/training/read-photo.js';
import { difference, sharp } from '../../../support/codec-photos.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { shownBySharp, writeProfiled, writeTrainingPhotos, writeTurnedJpeg } from '../../../support/training-photos.js';

describe('readPhoto', () => {
  it('reads colour, grey, 16 bits and alpha as 8-bit RGB', async () => {
    for (const path of await writeTrainingPhotos(tempFolder())) {
      const photo = await readPhoto(path, null, 32);
      const shown = await shownBySharp(path);
      expect([photo.width, photo.height]).toEqual([shown.width, shown.height]);
      expect(photo.data.length).toBe(photo.width * photo.height * 3);
      if (shown.data.length === photo.data.length) expect(difference(photo.data, shown.data)).toBeLessThan(0.6);
    }
  });

  it('repeats grey in the three channels', async () => {
    const [, , grey16] = await writeTrainingPhotos(tempFolder());
    const { data } = await readPhoto(grey16!, null, 32);
    const eightBit = await sharp(grey16).toColourspace('b-w').raw().toBuffer();
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
    const first = data.filter((_, i) => i % 3 === 0);
    // sharp cuts the low byte off where we round.
    expect(difference(first, eightBit)).toBeLessThan(0.6);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns a photo of orientation %i upright', async (orientation) => {
    const path = join(tempFolder(), 'turned.jpg');
    await writeTurnedJpeg(path, 80, 48, orientation);
    const photo = await readPhoto(path, null, 32);
    const shown = await shownBySharp(path);
    expect([photo.width, photo.height]).toEqual([shown.width, shown.height]);
    expect(difference(photo.data, shown.data)).toBe(0);
  });

  it("converts from the photo's profile to sRGB", async () => {
    const folder = tempFolder();
    const [srgb, p3] = [join(folder, 'srgb.png'), join(folder, 'p3.png')];
    await writeProfiled(srgb, p3);
    const plain = await readPhoto(srgb, null, 32);
    const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    expect(difference(stored, plain.data)).toBeGreaterThan(3);
    expect(difference((await readPhoto(p3, null, 32)).data, plain.data)).toBeLessThan(1);
  });

  it('scales down, turned ones too', async () => {
    const path = join(tempFolder(), 'turned.jpg');
    await writeTurnedJpeg(path, 160, 96, 6);
    const photo = await readPhoto(path, 80, 32);
    expect([photo.width, photo.height]).toEqual([48, 80]);
    const shown = await sharp(path).autoOrient().resize(48, 80, { kernel: 'linear' }).raw().toBuffer();
    expect(difference(photo.data, shown)).toBeLessThan(3);
  });
});

describe('trainingSize', () => {
  it.each([
    [{ width: 6000, height: 4000 }, 1024, { width: 1024, height: 683 }],
    [{ width: 4000, height: 6000 }, 1000, { width: 667, height: 1000 }],
    [{ width: 800, height: 600 }, 1024, { width: 800, height: 600 }],
    [{ width: 6000, height: 4000 }, null, { width: 6000, height: 4000 }],
    // Panoramas keep what a crop needs.
    [{ width: 6000, height: 500 }, 1024, { width: 1152, height: 96 }],
    [{ width: 6000, height: 50 }, 1024, { width: 6000, height: 50 }],
  ])('of %o is by a longest side of %s', (size, longestSide, expected) => {
    expect(trainingSize(size, longestSide, 96)).toEqual(expected);
  });
});
