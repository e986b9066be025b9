import { spawnSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../main/core/errors.js';
import { decodeImage, readHeader } from '../../main/engine/codec.js';
import { FIXTURES, encodeBySharp, fixture, inFolder, samples, sharp } from '../support/codec-photos.js';
import { pngChunk, tiffFile } from '../support/special-files.js';

/** Refuses `contents`; returns the error, which must be one line for a person. */
async function refusal(contents: Buffer | string, name = 'photo.jpg'): Promise<AppError> {
  return inFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, contents);
    return refusalOf(path);
  });
}

async function refusalOf(path: string): Promise<AppError> {
  const error: unknown = await decodeImage(path).then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(AppError);
  const { message } = error as AppError;
  expect(message).not.toMatch(/\n|\bat .*:\d+|vips/i);
  expect(message.length).toBeLessThan(200);
  return error as AppError;
}

const picture = () => sharp(join(FIXTURES, 'astronaut.png'));

describe('what is no image', () => {
  it.each([
    ['an empty file', '', 'input/empty', /0 bytes/],
    ['text', 'hello, I am a text file\n', 'input/not-an-image', /JPEG, PNG/],
    ['noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 73) % 251)), 'input/not-an-image', /no image/],
    ['one byte', 'x', 'input/not-an-image', /no image/],
  ])('refuses %s', async (_, contents, code, message) => {
    expect(await refusal(contents, 'photo.png')).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses a missing file, a folder and a pipe', async () => {
    await inFolder(async (folder) => {
      expect((await refusalOf(join(folder, 'none.png'))).code).toBe('input/not-found');
      expect((await refusalOf(join(folder, 'none', 'x.png'))).code).toBe('input/not-found');
      await mkdir(join(folder, 'folder.png'));
      expect(await refusalOf(join(folder, 'folder.png'))).toMatchObject({ code: 'input/not-an-image' });
      if (process.platform === 'win32') return;
      spawnSync('mkfifo', [join(folder, 'pipe.png')]);
      expect(await refusalOf(join(folder, 'pipe.png'))).toMatchObject({ code: 'input/not-an-image' });
    });
  });

  it('refuses a file that it may not read', async (context) => {
    if (process.platform === 'win32') return context.skip('Windows has other permissions');
    await inFolder(async (folder) => {
      const path = join(folder, 'secret.png');
      await writeFile(path, fixture('coffee.png'), { mode: 0 });
      const isRoot = process.geteuid?.() === 0;
      // Permissions do not bind root: read as 'nobody'.
      if (isRoot) process.seteuid?.(65_534);
      try {
        expect((await refusalOf(path)).code).toBe('input/unreadable');
      } finally {
        if (isRoot) process.seteuid?.(0);
      }
    });
  });
});

describe('formats and kinds that are not handled', () => {
  const ftyp = (brand: string) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from(`ftyp${brand}\0\0\0\0${brand}mif1`, 'latin1'),
      Buffer.alloc(200),
    ]);

  it.each([
    ['GIF', () => picture().gif().toBuffer()],
    ['SVG', () => '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'],
    ['HEIC', () => ftyp('heic')],
    ['animated AVIF', () => ftyp('avis')],
    ['video', () => ftyp('isom').fill('mp42', 16, 24)],
    ['PDF', () => '%PDF-1.7\n'],
    ['BMP', () => Buffer.concat([Buffer.from('BM'), Buffer.alloc(100)])],
    ['JPEG XL', () => Buffer.from([0xff, 0x0a, 1, 2, 3])],
    ['Canon CR3', () => ftyp('crx ')],
    ['Fujifilm RAF', () => 'FUJIFILMCCD-RAW 0201'],
    ['Canon CR2', () => Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1')],
    ['DNG', () => tiffFile({ extra: [[50706, 1, [1, 4, 0, 0]]] })],
    ['camera RAW', () => tiffFile({ extra: [[254, 4, [1]]], pages: 2 })],
    ['2 pages', () => tiffFile({ pages: 2 })],
    ['CMYK', () => tiffFile({ channels: 4, photometric: 5 })],
    ['CIELAB', () => tiffFile({ channels: 3, photometric: 8 })],
    ['floating-point', () => tiffFile({ bits: 32, extra: [[339, 3, [3, 3, 3]]] })],
    ['signed', () => tiffFile({ bits: 16, extra: [[339, 3, [2, 2, 2]]] })],
    ['32 bits', () => tiffFile({ bits: 32 })],
    ['5 channels', () => tiffFile({ channels: 5 })],
    ['CMYK', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
    ['animated PNG', async () => animatedPng(await picture().png().toBuffer())],
    ['animated WebP', () => animatedWebp()],
  ])('refuses %s by name', async (name, make) => {
    const error = await refusal(await make());
    expect(error.code).toBe('input/unsupported');
    expect(error.message).toContain(name);
  });

  it('accepts a TIFF whose other pages are a thumbnail and a mask', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'scan.tif');
      await writeFile(path, tiffFile({ pages: 3, laterPages: [254, 4, [1]] }));
      expect(await decodeImage(path)).toMatchObject({ width: 4, height: 4, channels: 3 });
    });
  });

  function animatedWebp(): Promise<Buffer> {
    const twoFrames = Buffer.alloc(8 * 16 * 3).fill(200, 8 * 8 * 3);
    return sharp(twoFrames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .webp()
      .toBuffer();
  }

  function animatedPng(png: Buffer): Buffer {
    return Buffer.concat([
      png.subarray(0, 33),
      pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])),
      png.subarray(33),
    ]);
  }
});

describe('damage', () => {
  const kinds: readonly (readonly [string, () => Promise<Buffer>])[] = [
    ['JPEG', () => picture().jpeg({ quality: 95 }).toBuffer()],
    ['progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['PNG', () => picture().png().toBuffer()],
    ['interlaced PNG', () => picture().png({ progressive: true }).toBuffer()],
    ['uncompressed TIFF', () => picture().tiff({ compression: 'none' }).toBuffer()],
    ['deflated TIFF', () => picture().tiff({ compression: 'deflate' }).toBuffer()],
    ['LZW TIFF', () => picture().tiff({ compression: 'lzw' }).toBuffer()],
    ['lossy WebP', () => picture().webp().toBuffer()],
    ['lossless WebP', () => picture().webp({ lossless: true }).toBuffer()],
    ['AVIF', () => picture().avif({ effort: 0 }).toBuffer()],
  ];

  it.each(kinds)('refuses %s that was cut at any point', async (_, make) => {
    const whole = await make();
    for (const share of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      const { code } = await refusal(whole.subarray(0, Math.max(20, Math.floor(whole.length * share))));
      expect([share, code]).toEqual([share, 'input/damaged']);
    }
  });

  // Uncompressed samples and their absence look alike: only compressed data can show the damage.
  it.each(kinds.filter(([name]) => ['JPEG', 'PNG', 'interlaced PNG', 'LZW TIFF', 'AVIF'].includes(name)))(
    'refuses %s with a corrupt stretch',
    async (_, make) => {
      const whole = await make();
      whole.fill(0, whole.length >> 1, Math.floor(whole.length * 0.7));
      expect((await refusal(whole)).code).toBe('input/damaged');
    },
  );

  it('takes a JPEG with stray bytes before its end, and one with a harmless oddity', async () => {
    await inFolder(async (folder) => {
      const jpeg = await picture().jpeg().toBuffer();
      const path = join(folder, 'odd.jpg');
      await writeFile(path, Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(16), jpeg.subarray(-2)]));
      expect((await decodeImage(path)).width).toBe(256);
      await writeFile(path, Buffer.concat([jpeg, Buffer.from('trailing bytes of a motion photo')]));
      expect((await decodeImage(path)).width).toBe(256);
    });
  });

  it('refuses huge dimensions declared by a small file, at once and without their memory', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const ihdr = Buffer.from(png.subarray(16, 29));
    ihdr.writeUInt32BE(20_000, 0);
    ihdr.writeUInt32BE(20_000, 4);
    const bomb = Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', ihdr), png.subarray(33)]);
    const jpeg = await picture().jpeg().toBuffer();
    const sof = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(20_000, sof + 5);
    jpeg.writeUInt16BE(20_000, sof + 7);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    for (const file of [bomb, jpeg, tiffFile({ declared: 20_000 }), tiffFile({ declared: 20_000, compression: 8 })]) {
      expect((await refusal(file)).code).toBe('input/damaged');
    }
    expect(performance.now() - started).toBeLessThan(2000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('refuses more than 1000 megapixels', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'wall.tif');
      // 40,000 x 30,000 grey pixels; the file is sparse, so nothing is stored.
      await writeFile(path, tiffFile({ declared: 40_000, declaredHeight: 30_000, channels: 1, stripBytes: 1.2e9 }));
      await truncate(path, 1.3e9);
      expect(await refusalOf(path)).toMatchObject({
        code: 'input/too-large',
        message: expect.stringContaining('1200 megapixels') as string,
      });
    });
  });

  it('notices a file that is replaced or cut while it is read', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'photo.png');
      await writeFile(path, await encodeBySharp(await samples('rgb16', 2000, 1500), 'rgb16', 'png', 2000, 1500));
      const outcome = decodeImage(path).then(
        () => null,
        (e: unknown) => e,
      );
      await readHeader(path);
      await truncate(path, 5000);
      expect(await outcome).toMatchObject({ code: expect.stringMatching(/input\/(changed|damaged)/) as string });
    });
  });

  it('stops before work when cancelled', async () => {
    const path = join(FIXTURES, 'rocket.jpg');
    await expect(decodeImage(path, AbortSignal.abort())).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});
