import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LUT_SIZE, type Region } from '../../preload/contract.js';
import type { OpenedPhoto } from '../../preload/engine-protocol.js';
import { buildCarrier } from '../../main/engine/codec/carrier.js';
import { callEngine, codeOf } from '../support/engine-service.js';
import { difference, encodeBySharp, p3Profile, richJpeg, samples, shape, sharp } from '../support/codec-photos.js';
import type { Layout } from '../support/codec-photos.js';
import { adobeRgbProfile, greyProfile } from '../support/icc-profile.js';
import { tempFolder } from '../support/temp-folder.js';

/** Thumbnails, levels and regions of real files, against what sharp itself shows. */

interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The photo upright and in sRGB by sharp alone; by way of 8 bits, which it converts straight. */
async function shownInSrgb(file: string | Buffer, size?: { width: number; height: number }): Promise<Rgb> {
  const input = sharp(file).autoOrient().toColourspace('srgb').removeAlpha();
  if (size !== undefined) input.resize(size.width, size.height, { fit: 'fill' });
  const { data, info } = await input.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Mean of each colour. */
const means = (rgb: Uint8Array): number[] =>
  [0, 1, 2].map((c) => (rgb.reduce((sum, value, i) => sum + (i % 3 === c ? value : 0), 0) * 3) / rgb.length);

async function openPhoto(input: string): Promise<OpenedPhoto & { folder: string }> {
  const folder = join(tempFolder(), 'unpacked');
  mkdirSync(folder);
  return { ...(await callEngine('open', { input, folder })), folder };
}

async function regionOf(folder: string, level: number, region: Region): Promise<Uint8Array> {
  const output = join(tempFolder(), 'region.rgba');
  await callEngine('region', { folder, level, region, output });
  return new Uint8Array(readFileSync(output));
}

/** RGB of RGBA samples. */
const opaque = (rgba: Uint8Array): Uint8Array => rgba.filter((_, i) => i % 4 !== 3);

/** A photo file of the given layout, named for its format; losslessly stored. */
async function photoFile(layout: Layout, width = 64, height = 48): Promise<string> {
  const path = join(tempFolder(), `${layout}.png`);
  writeFileSync(path, await encodeBySharp(await samples(layout, width, height), layout, 'png', width, height));
  return path;
}

/** A TIFF with a profile attached to samples as they are. */
async function profiled(layout: Layout, icc: Uint8Array): Promise<string> {
  const path = join(tempFolder(), 'profiled.tif');
  const { channels, depth } = shape(layout);
  const image = { width: 64, height: 48, channels, depth, data: await samples(layout) };
  writeFileSync(path, buildCarrier(image, { icc }));
  return path;
}

describe('thumbnail', () => {
  it.each([1, 3, 6, 8])('is upright, small and in sRGB for a P3 JPEG of orientation %i', async (orientation) => {
    const folder = tempFolder();
    const input = join(folder, 'photo.jpg');
    await richJpeg(input, orientation);
    const output = join(folder, 'thumb');
    const result = await callEngine('thumbnail', { input, output, size: 48 });
    const turned = orientation >= 5;
    expect(result).toEqual({
      width: turned ? 32 : 48,
      height: turned ? 48 : 32,
      photo: turned ? { width: 64, height: 96 } : { width: 96, height: 64 },
      format: 'jpeg',
      contentType: 'image/jpeg',
    });
    const expected = await shownInSrgb(input, result);
    const made = await shownInSrgb(output);
    expect({ width: made.width, height: made.height }).toEqual({ width: result.width, height: result.height });
    // Small JPEGs with half the colour are coarse: the picture is there, and its colours are right on the whole.
    expect(difference(made.data, expected.data)).toBeLessThan(12);
    expect(difference(means(made.data), means(expected.data))).toBeLessThan(1);
    expect(readdirSync(folder).toSorted()).toEqual(['photo.jpg', 'thumb']);
  });

  it('converts 16-bit photos with a profile like 8-bit ones', async () => {
    const icc = await p3Profile();
    const output = join(tempFolder(), 'thumb');
    const made: Uint8Array[] = [];
    for (const layout of ['rgb8', 'rgb16'] as const) {
      await callEngine('thumbnail', { input: await profiled(layout, icc), output, size: 64 });
      made.push((await shownInSrgb(output)).data);
    }
    expect(difference(made[0]!, made[1]!)).toBeLessThan(1);
    const unconverted = new Uint8Array(await samples('rgb8'));
    expect(difference(made[1]!, unconverted)).toBeGreaterThan(3);
  });

  it('keeps transparency, as WebP, and does not enlarge', async () => {
    const output = join(tempFolder(), 'thumb');
    for (const layout of ['rgba8', 'greya8', 'rgba16'] as const) {
      const result = await callEngine('thumbnail', { input: await photoFile(layout), output, size: 512 });
      expect(result).toMatchObject({ width: 64, height: 48, contentType: 'image/webp' });
      const { channels, isOpaque } = await sharp(output)
        .stats()
        .then((stats) => ({ channels: stats.channels.length, isOpaque: stats.isOpaque }));
      expect({ channels, isOpaque }).toEqual({ channels: 4, isOpaque: false });
    }
  });

  it('makes many at once', async () => {
    const folder = tempFolder();
    const input = await photoFile('rgb8');
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => callEngine('thumbnail', { input, output: join(folder, `${i}`), size: 32 })),
    );
    expect(readdirSync(folder)).toHaveLength(20);
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    [
      'a truncated JPEG',
      async () => (await encodeBySharp(await samples('rgb8'), 'rgb8', 'jpeg')).subarray(0, -400),
      'input/damaged',
    ],
    [
      'a truncated PNG',
      async () => (await encodeBySharp(await samples('rgb8'), 'rgb8', 'png')).subarray(0, -900),
      'input/damaged',
    ],
    ['an empty file', () => Promise.resolve(Buffer.alloc(0)), 'input/empty'],
    ['text', () => Promise.resolve(Buffer.from('hello')), 'input/not-an-image'],
    ['a GIF', () => Promise.resolve(Buffer.from('GIF89a........')), 'input/unsupported'],
  ])('refuses %s, in all three calls', async (_, contents, code) => {
    const folder = tempFolder();
    const input = join(folder, 'photo');
    writeFileSync(input, await contents());
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    expect(await codeOf(callEngine('thumbnail', { input, output: join(folder, 'thumb'), size: 64 }))).toBe(code);
    expect(await codeOf(callEngine('open', { input, folder: unpacked }))).toBe(code);
    expect(readdirSync(folder).toSorted()).toEqual(['photo', 'unpacked']);
    expect(readdirSync(unpacked)).toEqual([]);
  });

  it('says when it cannot write', async () => {
    const output = join(tempFolder(), 'no such folder', 'thumb');
    expect(await codeOf(callEngine('thumbnail', { input: await photoFile('rgb8'), output, size: 64 }))).toBe(
      'output/failed',
    );
  });
});

describe('open and region', () => {
  it.each<Layout>(['grey8', 'greya8', 'rgb8', 'rgba8', 'grey16', 'greya16', 'rgb16', 'rgba16'])(
    'give the pixels of %s',
    async (layout) => {
      const input = await photoFile(layout);
      const { channels, depth } = shape(layout);
      const opened = await openPhoto(input);
      expect(opened).toMatchObject({
        width: 64,
        height: 48,
        levels: [{ width: 64, height: 48 }],
        format: 'png',
        channels,
        depth,
        hasAlpha: channels % 2 === 0,
        neutral: channels < 3,
        lut: null,
        camera: null,
        // It is so small that the sample that is kept of it is all of it again.
        bytes: (2 * 64 * 48 * channels * depth) / 8,
      });
      const region = { left: 5, top: 7, width: 20, height: 30 };
      const rgba = await regionOf(opened.folder, 0, region);
      const stored = await samples(layout);
      const scale = depth === 16 ? 257 : 1;
      for (let y = 0; y < region.height; y++) {
        for (let x = 0; x < region.width; x++) {
          const from = ((y + region.top) * 64 + x + region.left) * channels;
          const sample = (c: number): number => Math.round(stored[from + c]! / scale);
          const colour = channels < 3 ? [sample(0), sample(0), sample(0)] : [sample(0), sample(1), sample(2)];
          const alpha = channels % 2 === 0 ? sample(channels - 1) : 255;
          const at = (y * region.width + x) * 4;
          expect([...rgba.subarray(at, at + 4)]).toEqual([...colour, alpha]);
        }
      }
    },
  );

  it('halve until one level fits in a tile, whatever the strips', async () => {
    // More than one strip of a mebibyte, and odd sides.
    const [width, height] = [1203, 701];
    const input = await photoFile('rgb8', width, height);
    const { levels, folder, bytes } = await openPhoto(input);
    expect(levels).toEqual([
      { width: 1203, height: 701 },
      { width: 602, height: 351 },
      { width: 301, height: 176 },
    ]);
    const files = readdirSync(folder).filter((name) => name.endsWith('.raw'));
    expect(bytes).toBe(files.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0));
    const level = async (i: number): Promise<Uint8Array> =>
      opaque(await regionOf(folder, i, { left: 0, top: 0, ...levels[i]! }));
    expect(difference(await level(0), await samples('rgb8', width, height))).toBe(0);
    for (const i of [1, 2]) {
      const { width: w, height: h } = levels[i]!;
      const [big, small] = [await level(i - 1), await level(i)];
      const { width: bw, height: bh } = levels[i - 1]!;
      const at = (x: number, y: number, c: number): number =>
        big[(Math.min(y, bh - 1) * bw + Math.min(x, bw - 1)) * 3 + c]!;
      const expected = new Uint8Array(w * h * 3).map((_, k) => {
        const [x, y, c] = [Math.floor(k / 3) % w, Math.floor(k / 3 / w), k % 3];
        return (
          (at(2 * x, 2 * y, c) + at(2 * x + 1, 2 * y, c) + at(2 * x, 2 * y + 1, c) + at(2 * x + 1, 2 * y + 1, c) + 2) >>
          2
        );
      });
      expect(difference(small, expected)).toBe(0);
    }
    // A narrow region is read row by row, a wide one through: both are the same pixels.
    const narrow = opaque(await regionOf(folder, 0, { left: 700, top: 100, width: 9, height: 600 }));
    const wide = opaque(await regionOf(folder, 0, { left: 0, top: 100, width, height: 600 }));
    expect(narrow).toEqual(wide.filter((_, k) => Math.floor(k / 3) % width >= 700 && Math.floor(k / 3) % width < 709));
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('turn orientation %i upright and read the camera', async (orientation) => {
    const input = join(tempFolder(), 'photo.jpg');
    await richJpeg(input, orientation);
    const { folder, width, height, camera } = await openPhoto(input);
    const expected = await sharp(input, { ignoreIcc: true }).autoOrient().raw().toBuffer({ resolveWithObject: true });
    expect({ width, height }).toEqual({ width: expected.info.width, height: expected.info.height });
    expect(difference(opaque(await regionOf(folder, 0, { left: 0, top: 0, width, height })), expected.data)).toBe(0);
    expect(camera).toMatchObject({ model: 'Canon EOS R5', iso: 3200, takenAt: '2024-05-17T14:03:09' });
  });

  it('tell a colour file of a grey photo', async () => {
    const grey = await samples('grey8');
    const data = Uint8Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)]!);
    const input = join(tempFolder(), 'neutral.png');
    writeFileSync(input, await encodeBySharp(data, 'rgb8', 'png'));
    expect((await openPhoto(input)).neutral).toBe(true);
  });

  it('refuse regions outside, levels that are not there and photos that were cleared away', async () => {
    const { folder } = await openPhoto(await photoFile('rgb8'));
    const output = join(tempFolder(), 'region.rgba');
    const ask = (level: number, region: Region): Promise<string | undefined> =>
      codeOf(callEngine('region', { folder, level, region, output }));
    const corner = { left: 0, top: 0, width: 1, height: 1 };
    expect(await ask(0, { ...corner, left: 60, width: 5 })).toBe('usage/invalid');
    expect(await ask(0, { ...corner, top: 48 })).toBe('usage/invalid');
    expect(await ask(1, corner)).toBe('usage/invalid');
    expect(await ask(0, { ...corner, left: 63, top: 47 })).toBeUndefined();
    rmSync(join(folder, 'level-0.raw'));
    expect(await ask(0, corner)).toBe('input/not-found');
    rmSync(folder, { recursive: true });
    expect(await ask(0, corner)).toBe('input/not-found');
  });

  it('leave nothing behind when cancelled', async () => {
    const input = await photoFile('rgb8', 900, 700);
    const folder = tempFolder();
    const controller = new AbortController();
    const opening = callEngine('open', { input, folder }, { signal: controller.signal });
    controller.abort();
    expect(await codeOf(opening)).toBe('engine/cancelled');
    expect(readdirSync(folder)).toEqual([]);
    expect(await codeOf(callEngine('open', { input, folder }))).toBeUndefined();
  });
});

/** What a table makes of a colour, by trilinear interpolation as the window does. */
function lookUp(table: Uint8Array, colour: readonly number[]): number[] {
  const position = colour.map((value) => (value / 255) * (LUT_SIZE - 1));
  const low = position.map((value) => Math.min(LUT_SIZE - 2, Math.floor(value)));
  const result = [0, 0, 0];
  for (let corner = 0; corner < 8; corner++) {
    const at = low.map((value, axis) => value + ((corner >> axis) & 1));
    const weight = at.reduce((product, value, axis) => product * (1 - Math.abs(position[axis]! - value)), 1);
    const index = (at[0]! + LUT_SIZE * (at[1]! + LUT_SIZE * at[2]!)) * 4;
    for (let c = 0; c < 3; c++) result[c]! += weight * table[index + c]!;
  }
  return result;
}

describe("the table of a photo's profile", () => {
  it.each<[string, Layout, () => Promise<Buffer>]>([
    ['Display P3', 'rgb8', p3Profile],
    ['Display P3, 16 bits', 'rgb16', p3Profile],
    ['Adobe RGB', 'rgb8', () => Promise.resolve(adobeRgbProfile())],
    ['a grey gamma', 'grey8', () => Promise.resolve(greyProfile(1.8))],
  ])('turns %s into sRGB as sharp does', async (_, layout, profile) => {
    const icc = await profile();
    const { lut } = await openPhoto(await profiled(layout, icc));
    const table = new Uint8Array(readFileSync(lut!));
    expect(table).toHaveLength(LUT_SIZE ** 3 * 4);
    expect(table.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    // The reference is converted from 8 bits, straight.
    const eight = layout.startsWith('grey') ? 'grey8' : 'rgb8';
    const reference = await shownInSrgb(await profiled(eight, icc));
    const stored = await samples(eight);
    const channels = shape(eight).channels;
    let sum = 0;
    let most = 0;
    for (let i = 0; i < stored.length / channels; i++) {
      const colour = [0, 1, 2].map((c) => stored[i * channels + (channels === 1 ? 0 : c)]!);
      lookUp(table, colour).forEach((value, c) => {
        const off = Math.abs(value - reference.data[i * 3 + c]!);
        sum += off;
        most = Math.max(most, off);
      });
    }
    expect(sum / (stored.length / channels) / 3).toBeLessThan(0.6);
    // Where colours leave sRGB they bend within a cell of the table.
    expect(most).toBeLessThan(10);
    expect(
      difference(
        reference.data,
        layout.startsWith('grey')
          ? new Uint8Array(reference.data.length).map((_, i) => stored[Math.floor(i / 3)]!)
          : stored,
      ),
    ).toBeGreaterThan(2);
  });

  it('is not there for sRGB, nor for a profile that is none', async () => {
    const srgb = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
      .withIccProfile('srgb')
      .png()
      .toBuffer();
    for (const icc of [(await sharp(srgb).metadata()).icc!, Buffer.from('no profile at all '.repeat(20))]) {
      const opened = await openPhoto(await profiled('rgb8', icc));
      expect(opened.lut).toBeNull();
      expect(existsSync(join(opened.folder, 'table.rgba'))).toBe(false);
    }
  });
});
