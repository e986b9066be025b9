import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_DENOISE,
  DEFAULT_ENCODE,
  DEFAULT_RUNTIME,
  MAP_BLOCK_PX,
  MAP_NOISE_PEAK,
  type DenoiseSettings,
} from '../../preload/contract.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { toRgba8 } from '../../main/core/image/rgba.js';
import { decodeImage } from '../../main/engine/codec.js';
import { exifBlock, insertExif } from '../support/exif-block.js';
import { callEngine, codeOf } from '../support/engine-service.js';
import { samples, shape, sharp, type Layout } from '../support/codec-photos.js';
import { writePng } from '../support/photos.js';
import { blend, previewJob, runPreview, unpack, type Preview } from '../support/previews.js';
import { tempFolder } from '../support/temp-folder.js';

/** Previews through the real nets: that they show what denoising will write. */

const WIDTH = 330;
const HEIGHT = 200;
const WHOLE = { left: 0, top: 0, width: WIDTH, height: HEIGHT };
const SIGMA = 18;

/** A noisy photo in some layout; its alpha is left as it is. */
async function noisyPhoto(layout: Layout, width = WIDTH, height = HEIGHT): Promise<string> {
  const { channels } = shape(layout);
  const image = { width, height, channels, data: await samples(layout, width, height) };
  const path = join(tempFolder(), `${layout}.png`);
  await writePng(addGaussianNoise(image, SIGMA, createRandom(3)), path);
  return path;
}

/** What denoising writes, as 8-bit RGBA. */
async function denoised(input: string, settings: Partial<DenoiseSettings>): Promise<Uint8Array> {
  const output = join(tempFolder(), 'denoised.png');
  await callEngine('denoise', {
    input,
    output,
    overwrite: false,
    settings: { ...DEFAULT_DENOISE, model: 'fast', ...settings },
    encode: DEFAULT_ENCODE,
    runtime: { ...DEFAULT_RUNTIME, tile: 256 },
  });
  const { data, channels } = await decodeImage(output);
  return toRgba8(data, channels);
}

/** How far two images are apart: on the mean, and the share of samples beyond 2 of 255. */
function apart(a: Uint8Array, b: Uint8Array): { mean: number; beyond: number } {
  if (a.length !== b.length) throw new Error('the images differ in size');
  let sum = 0;
  let beyond = 0;
  for (let i = 0; i < a.length; i++) {
    const off = Math.abs(a[i]! - b[i]!);
    sum += off;
    if (off > 2) beyond++;
  }
  return { mean: sum / a.length, beyond: beyond / a.length };
}

const CASES: readonly Partial<DenoiseSettings>[] = [
  {},
  { strength: 0.6, luma: 1, chroma: 1.5 },
  { strength: 1, luma: 0.3, chroma: 1, detail: 1 },
  { strength: 1.6, luma: 1, chroma: 0.4, detail: 0.5 },
  { sigma: 25, strength: 2 },
];

describe('a preview shows what denoising writes', () => {
  it.each<[Layout, string]>([
    ['rgb8', 'fast'],
    ['rgb8', 'quality'],
    ['grey8', 'fast'],
    ['rgba8', 'fast'],
    ['greya16', 'fast'],
    ['rgb16', 'fast'],
  ])('of %s with %s', async (layout, model) => {
    const input = await noisyPhoto(layout);
    const { folder } = await unpack(input);
    const neutral = shape(layout).channels < 3;
    const runs = new Map<string, Promise<Preview>>();
    for (const change of model === 'fast' ? CASES : CASES.slice(2, 4)) {
      const settings = { ...DEFAULT_DENOISE, model, ...change };
      const passes = { sigma: settings.sigma, secondPass: settings.strength > 1 };
      const key = JSON.stringify(passes);
      // A second pass needs more room around a core than these small tiles have.
      const tile = model === 'quality' ? 384 : 256;
      runs.set(
        key,
        runs.get(key) ??
          runPreview(previewJob(folder, WHOLE, { model, ...passes, runtime: { ...DEFAULT_RUNTIME, tile } })),
      );
      const preview = await runs.get(key)!;
      const shown = blend(preview, WHOLE, settings, neutral);
      const { mean, beyond } = apart(shown, await denoised(input, settings));
      expect(mean, key).toBeLessThan(0.5);
      expect(beyond, key).toBeLessThan(0.002);
      expect(preview.result.noise.perChannel).toHaveLength(neutral ? 1 : 3);
    }
  });

  it('of a part of the photo, with the surroundings that the net needs', async () => {
    const input = await noisyPhoto('rgb8', 700, 500);
    const { folder } = await unpack(input);
    const region = { left: 203, top: 117, width: 251, height: 190 };
    const preview = await runPreview(previewJob(folder, region));
    const whole = await denoised(input, {});
    const expected = new Uint8Array(region.width * region.height * 4);
    for (let y = 0; y < region.height; y++) {
      const from = ((region.top + y) * 700 + region.left) * 4;
      expected.set(whole.subarray(from, from + region.width * 4), y * region.width * 4);
    }
    const { mean, beyond } = apart(blend(preview, region, DEFAULT_DENOISE, false), expected);
    expect(mean).toBeLessThan(0.5);
    expect(beyond).toBeLessThan(0.002);
  });
});

describe('preview', () => {
  it('gives a draft of the whole region first, both from the middle outwards, and reports on the chosen model', async () => {
    const { folder } = await unpack(await noisyPhoto('rgb8', 640, 480));
    const region = { left: 0, top: 0, width: 640, height: 480 };
    const { parts, result, output } = await runPreview(
      previewJob(folder, region, { model: 'quality', runtime: { ...DEFAULT_RUNTIME, tile: 320 } }),
    );
    const drafts = parts.filter(({ draft }) => draft);
    const finals = parts.filter(({ draft }) => !draft);
    expect(parts.slice(0, drafts.length)).toEqual(drafts);
    const pixels = (some: typeof parts): number => some.reduce((sum, p) => sum + p.region.width * p.region.height, 0);
    expect([pixels(drafts), pixels(finals)]).toEqual([640 * 480, 640 * 480]);
    for (const some of [drafts, finals]) {
      const away = some.map(({ region: r }) => Math.hypot(r.left + r.width / 2 - 320, r.top + r.height / 2 - 240));
      expect(away).toEqual(away.toSorted((a, b) => a - b));
    }
    expect(result.noise.sigma).toBeGreaterThan(SIGMA * 0.7);
    expect(result.noise.sigma).toBeLessThan(SIGMA * 1.3);
    expect(result.trust?.verdict).toBe('good');
    expect(readdirSync(output).every((name) => name.startsWith('p-'))).toBe(true);
    const map = readFileSync(result.maps.file);
    expect([result.maps.width, result.maps.height]).toEqual([640 / MAP_BLOCK_PX, 480 / MAP_BLOCK_PX]);
    expect(map).toHaveLength(result.maps.width * result.maps.height * 4);
    const reds = map.filter((_, i) => i % 4 === 0);
    const level = (reds.reduce((sum, value) => sum + value, 0) / reds.length / 255) * MAP_NOISE_PEAK;
    expect(level).toBeCloseTo(result.noise.sigma, 0);
  });

  it('makes no draft where the chosen model is as quick, or the region is small', async () => {
    const { folder } = await unpack(await noisyPhoto('rgb8'));
    for (const change of [{}, { model: 'quality', region: { left: 9, top: 9, width: 60, height: 40 } }]) {
      const { parts } = await runPreview(previewJob(folder, WHOLE, change));
      expect(parts.every(({ draft }) => !draft)).toBe(true);
    }
  });

  it('removes nothing at a level of 0', async () => {
    const { folder } = await unpack(await noisyPhoto('rgb8'));
    const preview = await runPreview(previewJob(folder, WHOLE, { sigma: 0, secondPass: true }));
    for (const part of preview.parts) {
      expect(readFileSync(part.first).every((value) => value === 128)).toBe(true);
      expect(readFileSync(part.second!).every((value) => value === 128)).toBe(true);
    }
    expect(preview.result).toMatchObject({ noise: { sigma: 0 }, trust: null });
    const region = WHOLE;
    const whole = join(tempFolder(), 'whole');
    await callEngine('region', { folder, level: 0, region, output: whole });
    expect(Buffer.from(blend(preview, region, { ...DEFAULT_DENOISE, detail: 1 }, false))).toEqual(readFileSync(whole));
  });

  it('works on smaller levels and on turned photos, down to single pixels', async () => {
    const jpeg = await sharp(await noisyPhoto('rgb8', 1100, 700))
      .jpeg({ quality: 95 })
      .toBuffer();
    const input = join(tempFolder(), 'turned.jpg');
    writeFileSync(input, insertExif(jpeg, exifBlock({ orientation: 6 })));
    const { folder, levels } = await unpack(input);
    expect(levels).toEqual([
      { width: 700, height: 1100 },
      { width: 350, height: 550 },
      { width: 175, height: 275 },
    ]);
    const region = { left: 0, top: 0, ...levels[2]! };
    const preview = await runPreview(previewJob(folder, region, { level: 2 }));
    expect(blend(preview, region, DEFAULT_DENOISE, false)).toHaveLength(175 * 275 * 4);
    expect(preview.result.noise.sigma).toBeLessThan(SIGMA / 2);
    const corner = { left: 174, top: 274, width: 1, height: 1 };
    const { parts, result } = await runPreview(previewJob(folder, corner, { level: 2 }));
    expect(parts.map((part) => part.region)).toEqual([corner]);
    expect(result).toMatchObject({ trust: null, maps: { width: 1, height: 1 } });
  });

  it('ends between tiles when cancelled, and runs again right after', async () => {
    const { folder } = await unpack(await noisyPhoto('rgb8', 640, 480));
    const job = previewJob(folder, { left: 0, top: 0, width: 640, height: 480 });
    const controller = new AbortController();
    let parts = 0;
    const run = callEngine('preview', job, {
      signal: controller.signal,
      onPart: () => {
        parts++;
        controller.abort();
      },
    });
    expect(await codeOf(run)).toBe('engine/cancelled');
    expect(parts).toBe(1);
    expect((await runPreview(job)).parts.length).toBeGreaterThan(4);
  });

  it('says what is wrong', async () => {
    const { folder } = await unpack(await noisyPhoto('rgb8'));
    const ask = (change: Partial<ReturnType<typeof previewJob>>): Promise<string | undefined> =>
      codeOf(callEngine('preview', previewJob(folder, WHOLE, change)));
    expect(await ask({ region: { ...WHOLE, left: 1 } })).toBe('usage/invalid');
    expect(await ask({ level: 3 })).toBe('usage/invalid');
    expect(await ask({ model: 'no such model' })).toBe('model/not-found');
    expect(await ask({ output: join(folder, 'none') })).toBe('output/failed');
    rmSync(join(folder, 'level-0.raw'));
    expect(await ask({})).toBe('input/not-found');
    expect(await ask({ folder: join(folder, 'none') })).toBe('input/not-found');
  });
});

describe('turns', () => {
  it('a preview goes ahead of a running photo, a measurement behind it, and all come out right', async () => {
    const photo = await noisyPhoto('rgb8', 900, 700);
    const { folder } = await unpack(photo);
    const settings = { strength: 1.5 };
    const alone = await denoised(photo, settings);
    const order: string[] = [];
    const previews: Promise<Preview>[] = [];
    const output = join(tempFolder(), 'result.png');
    const region = { left: 100, top: 100, width: 300, height: 200 };
    const request = {
      input: photo,
      output,
      overwrite: false,
      settings: { ...DEFAULT_DENOISE, model: 'fast', ...settings },
      encode: DEFAULT_ENCODE,
      runtime: { ...DEFAULT_RUNTIME, tile: 320 },
    };
    const note = (name: string) => () => order.push(name);
    const measuring = callEngine('measure', { input: photo, runtime: DEFAULT_RUNTIME });
    // Measuring has the lowest rank: it is under way first, and still waits from its next place on.
    await callEngine('denoise', request, {
      onProgress: (stage, fraction) => {
        if (stage !== 'denoise' || fraction < 0.2 || previews.length > 0) return;
        const previewing = runPreview(previewJob(folder, region, { model: 'quality' }));
        previews.push(previewing);
        void previewing.then(note('preview'));
      },
    }).then(note('photo'));
    const [preview] = await Promise.all(previews);
    await measuring;
    expect(order).toEqual(['preview', 'photo']);
    const { data, channels } = await decodeImage(output);
    expect(apart(toRgba8(data, channels), alone).beyond).toBe(0);
    expect(preview!.parts.length).toBeGreaterThan(1);
  });
});

describe('measure', () => {
  it.each<Layout>(['rgb8', 'grey16', 'rgba8'])('is close to the estimate of a whole photo of %s', async (layout) => {
    const input = await noisyPhoto(layout, 1300, 900);
    const runtime = DEFAULT_RUNTIME;
    const { noise } = await callEngine('measure', { input, runtime });
    const whole = (await callEngine('estimate', { input, runtime })).noise;
    expect(Math.abs(noise.sigma / whole.sigma - 1)).toBeLessThan(0.15);
    expect(noise.perChannel).toHaveLength(whole.perChannel.length);
  });

  it('measures small photos whole', async () => {
    const input = await noisyPhoto('rgb8', 90, 61);
    const { noise } = await callEngine('measure', { input, runtime: DEFAULT_RUNTIME });
    expect(noise).toEqual((await callEngine('estimate', { input, runtime: DEFAULT_RUNTIME })).noise);
  });
});
