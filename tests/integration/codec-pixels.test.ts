import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeImage, encodeImage, imageBytes, readHeader } from '../../main/engine/codec.js';
import type { DecodedImage } from '../../main/engine/codec.js';
import { closeMetadata } from '../../main/engine/metadata.js';
import { DEFAULT_ENCODE } from '../../preload/contract.js';
import type { EncodeSettings, Format } from '../../preload/contract.js';
import {
  ALL_FORMATS,
  FIXTURES,
  difference,
  encodeBySharp,
  exiftool,
  inFolder,
  p3Profile,
  samples,
  shape,
  sharp,
} from '../support/codec-photos.js';
import type { Layout } from '../support/codec-photos.js';

/** What each format can hold. */
const LAYOUTS: Readonly<Record<Format, readonly Layout[]>> = {
  jpeg: ['grey8', 'rgb8'],
  png: ['grey8', 'greya8', 'rgb8', 'rgba8', 'grey16', 'greya16', 'rgb16', 'rgba16'],
  tiff: ['grey8', 'greya8', 'rgb8', 'rgba8', 'grey16', 'greya16', 'rgb16', 'rgba16'],
  webp: ['rgb8', 'rgba8'],
  avif: ['rgb8', 'rgba8', 'rgb16', 'rgba16'],
};
const LOSSLESS = new Set<Format>(['png', 'tiff']);
/** Mean difference in 8-bit units that the default quality may make in a small detailed picture. */
const LOSSY_TOLERANCE = 2.5;

type Pipeline = ReturnType<typeof sharp>;

const plain: EncodeSettings = { ...DEFAULT_ENCODE, metadata: 'none' };

afterAll(closeMetadata);

async function through(
  image: DecodedImage,
  folder: string,
  settings: EncodeSettings,
): Promise<{ out: DecodedImage; notes: string[] }> {
  const target = join(folder, 'out.tmp');
  const { notes } = await encodeImage(image, image.source, target, settings);
  return { out: await decodeImage(target), notes };
}

describe.each(ALL_FORMATS)('%s in', (from) => {
  it.each(LAYOUTS[from])('decodes %s as it is stored', async (layout) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'in.bin');
      const data = await samples(layout);
      await writeFile(path, await encodeBySharp(data, layout, from));
      const image = await decodeImage(path);
      expect(image).toMatchObject({ width: 64, height: 48, ...shape(layout) });
      expect(image.source).toMatchObject({ format: from, ...shape(layout) });
      expect(imageBytes(image.source)).toBe(image.data.byteLength);
      if (LOSSLESS.has(from) || from === 'webp') expect(image.data).toEqual(data);
      else expect(difference(image.data, data)).toBeLessThan(LOSSY_TOLERANCE * (image.depth === 16 ? 257 : 1));
    });
  });

  it.each(ALL_FORMATS)('goes to %s with its channels, depth and alpha, as far as that holds them', async (to) => {
    for (const layout of LAYOUTS[from]) {
      await inFolder(async (folder) => {
        const path = join(folder, 'in.bin');
        await writeFile(path, await encodeBySharp(await samples(layout), layout, from));
        const image = await decodeImage(path);
        const { out, notes } = await through(image, folder, { ...plain, format: to });
        const { channels, depth } = shape(layout);
        const holdsDepth = depth === 16 && (LOSSLESS.has(to) || to === 'avif');
        const grey = channels < 3 && (LOSSLESS.has(to) || to === 'jpeg');
        const alpha = (channels === 2 || channels === 4) && to !== 'jpeg';
        expect([layout, out.channels, out.depth]).toEqual([
          layout,
          (grey ? 1 : 3) + (alpha ? 1 : 0),
          holdsDepth ? 16 : 8,
        ]);
        if (LOSSLESS.has(to)) {
          expect(out.data).toEqual(image.data);
          expect(notes).toEqual([]);
        } else if (alpha) {
          expect(alphaDifference(image, out)).toBeLessThan(1);
        }
        if (depth === 16 && !LOSSLESS.has(to) && from !== 'avif') expect(notes.join()).toMatch(/bits per sample/);
        if (image.source.hasAlpha && to === 'jpeg') expect(notes.join()).toMatch(/transparency/);
      });
    }
  });
});

function alphaDifference(a: DecodedImage, b: DecodedImage): number {
  const alpha = ({ data, channels, depth }: DecodedImage): number[] =>
    Array.from({ length: data.length / channels }, (_, i) => data[(i + 1) * channels - 1]! / (depth === 16 ? 257 : 1));
  return difference(alpha(a), alpha(b));
}

describe('depth', () => {
  it('rounds 16 bits to 8, widens 8 to 16 by 257, and comes back unchanged', async () => {
    await inFolder(async (folder) => {
      const data = await samples('rgb16');
      await writeFile(join(folder, 'in.png'), await encodeBySharp(data, 'rgb16', 'png'));
      const image = await decodeImage(join(folder, 'in.png'));
      const narrow = await through(image, folder, { ...plain, bitDepth: 8 });
      expect([...narrow.out.data]).toEqual([...data].map((x) => Math.round((x * 255) / 65535)));
      const wide = await through(narrow.out, folder, { ...plain, format: 'tiff', bitDepth: 16 });
      expect([...wide.out.data]).toEqual([...narrow.out.data].map((x) => x * 257));
    });
  });

  it('says that JPEG and WebP cannot hold 16 bits when asked for them', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'in.png'), await encodeBySharp(await samples('rgb8'), 'rgb8', 'png'));
      const image = await decodeImage(join(folder, 'in.png'));
      for (const format of ['jpeg', 'webp'] as const) {
        const { out, notes } = await through(image, folder, { ...plain, format, bitDepth: 16 });
        expect(out.depth).toBe(8);
        expect(notes).toEqual([expect.stringMatching(/8 bits per sample at most/)]);
      }
    });
  });

  it('stretches 10- and 12-bit AVIF to the full range and keeps their depth', async () => {
    await inFolder(async (folder) => {
      for (const bitdepth of [10, 12] as const) {
        const white = Buffer.alloc(64 * 64 * 3 * 2, 0xff);
        const path = join(folder, `${bitdepth}.avif`);
        await sharp(new Uint16Array(white.buffer, white.byteOffset, white.length / 2), {
          raw: { width: 64, height: 64, channels: 3 },
        })
          .toColourspace('rgb16')
          .avif({ bitdepth, quality: 100 })
          .toFile(path);
        const image = await decodeImage(path);
        expect(image.source.significantBits).toBe(bitdepth);
        expect(Math.max(...image.data)).toBe(65535);
        const { out, notes } = await through(image, folder, plain);
        expect(out.source.significantBits).toBe(bitdepth);
        expect(notes).toEqual([]);
      }
    });
  });
});

describe('profile', () => {
  it('passes on byte for byte, and leaves the numbers alone', async () => {
    await inFolder(async (folder) => {
      const icc = await p3Profile();
      for (const layout of ['rgb8', 'rgb16', 'rgba16'] as const) {
        const data = await samples(layout);
        const path = join(folder, `${layout}.png`);
        await writeFile(path, await encodeBySharp(data, layout, 'png'));
        await writeFile(join(folder, 'p3.icc'), icc);
        exiftool('-overwrite_original', `-ICC_Profile<=${join(folder, 'p3.icc')}`, path);
        const image = await decodeImage(path);
        expect(image.data).toEqual(data);
        for (const format of ALL_FORMATS) {
          const { out } = await through(image, folder, { ...plain, format });
          expect(Buffer.from(out.source.icc ?? [])).toEqual(icc);
          if (LOSSLESS.has(format)) expect(out.data).toEqual(data);
        }
      }
    });
  });
});

describe('unusual files', () => {
  const variants: readonly (readonly [string, (photo: Pipeline) => Pipeline, boolean])[] = [
    ['interlaced PNG', (p) => p.png({ progressive: true }), true],
    ['palette PNG', (p) => p.png({ palette: true, colours: 256 }), false],
    ['2-bit palette PNG', (p) => p.png({ palette: true, colours: 4 }), false],
    ['progressive JPEG', (p) => p.jpeg({ progressive: true, quality: 98 }), false],
    ['uncompressed TIFF', (p) => p.tiff({ compression: 'none' }), true],
    ['deflated TIFF', (p) => p.tiff({ compression: 'deflate', predictor: 'horizontal' }), true],
    ['tiled TIFF', (p) => p.tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'lzw' }), true],
    ['packbits TIFF', (p) => p.tiff({ compression: 'packbits' }), true],
    ['BigTIFF', (p) => p.tiff({ bigtiff: true }), false],
    ['JPEG-compressed TIFF', (p) => p.tiff({ compression: 'jpeg', quality: 95 }), false],
    ['lossy WebP', (p) => p.webp({ quality: 90 }), false],
  ];

  it.each(variants)('decodes %s', async (_, encode, isExact) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'in.bin');
      const original = await sharp(join(FIXTURES, 'astronaut.png')).raw().toBuffer();
      await encode(sharp(join(FIXTURES, 'astronaut.png'))).toFile(path);
      const image = await decodeImage(path);
      expect([image.width, image.height, image.channels]).toEqual([256, 192, 3]);
      if (isExact) expect(Buffer.compare(Buffer.from(image.data), original)).toBe(0);
      else expect(difference(image.data, original)).toBeLessThan(40);
      const { out } = await through(image, folder, { ...plain, format: 'png' });
      expect(Buffer.compare(Buffer.from(out.data), Buffer.from(image.data))).toBe(0);
    });
  });

  it('keeps lossless WebP lossless, and the compression of a TIFF', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'in.bin');
      await sharp(join(FIXTURES, 'chelsea.png')).webp({ lossless: true }).toFile(path);
      const webp = await decodeImage(path);
      expect(Buffer.compare(Buffer.from((await through(webp, folder, plain)).out.data), Buffer.from(webp.data))).toBe(
        0,
      );
      await sharp(join(FIXTURES, 'chelsea.png')).tiff({ compression: 'none' }).toFile(path);
      const tiff = await decodeImage(path);
      expect((await through(tiff, folder, plain)).out.source.tiffCompression).toBe(1);
    });
  });

  it.each([
    [1, 1],
    [3, 20_000],
    [20_000, 3],
  ])('handles %i x %i pixels', async (width, height) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'in.png');
      await sharp({ create: { width, height, channels: 3, background: '#369' } })
        .png()
        .toFile(path);
      const image = await decodeImage(path);
      expect(image.data.length).toBe(width * height * 3);
      for (const format of ['png', 'tiff', 'jpeg'] as const) {
        const { out } = await through(image, folder, { ...plain, format });
        expect([out.width, out.height]).toEqual([width, height]);
      }
      const tooLong = encodeImage(image, image.source, join(folder, 'x.tmp'), { ...plain, format: 'webp' });
      if (Math.max(width, height) > 16_383) await expect(tooLong).rejects.toMatchObject({ code: 'output/failed' });
      else await tooLong;
    });
  });

  it('encodes pixels that came from elsewhere, without writing around them', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'in.png');
      await writeFile(path, await encodeBySharp(await samples('rgb8'), 'rgb8', 'png'));
      const header = await readHeader(path);
      const memory = new Uint8Array(64 * 48 * 3 + 2000).fill(7);
      const data = memory.subarray(1000, 1000 + 64 * 48 * 3).fill(99);
      await encodeImage({ width: 64, height: 48, channels: 3, depth: 8, data }, header, join(folder, 'out.tmp'), plain);
      expect((await decodeImage(join(folder, 'out.tmp'))).data).toEqual(Uint8Array.from(data));
      expect(memory.subarray(0, 1000).every((x) => x === 7)).toBe(true);
      expect((await stat(path)).size).toBe(header.identity.size);
    });
  });

  it('encodes the same image twice', async () => {
    await inFolder(async (folder) => {
      const image = await decodeImage(join(FIXTURES, 'rocket.jpg'));
      const before = Buffer.from(image.data);
      const first = await through(image, folder, { ...plain, format: 'png' });
      const second = await through(image, folder, { ...plain, format: 'tiff' });
      expect(Buffer.compare(before, Buffer.from(first.out.data))).toBe(0);
      expect(Buffer.compare(before, Buffer.from(second.out.data))).toBe(0);
    });
  });
});
