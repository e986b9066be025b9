import { describe, expect, it } from 'vitest';
import { psnr } from '../../main/core/image/metrics.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import type { PixelData } from '../../main/core/image/pixels.js';
import { createRandom } from '../../main/core/image/random.js';
import { decodeImage, type DecodedImage } from '../../main/engine/codec.js';
import { denoiseInPlace, estimateNoise, type Denoised } from '../../main/engine/denoise-image.js';
import { ModelStore } from '../../main/engine/models.js';
import { SessionCache } from '../../main/engine/sessions.js';
import { DEFAULT_DENOISE, DEFAULT_RUNTIME, type DenoiseSettings } from '../../preload/contract.js';
import { MODELS, noisySample, SAMPLES, samplePath } from '../support/photos.js';

/** The denoiser on real photos through the real runtime. */

const nets = { models: new ModelStore(MODELS), sessions: new SessionCache() };
const FAST = { ...DEFAULT_DENOISE, model: 'fast' };
const never = new AbortController().signal;

async function denoise(
  image: DecodedImage,
  settings: Partial<DenoiseSettings> = {},
  tile: number | null = null,
): Promise<Denoised & { image: DecodedImage }> {
  const work = { ...image, data: image.data.slice() };
  const runtime = { ...DEFAULT_RUNTIME, tile };
  const report = await denoiseInPlace(never, work, { ...FAST, ...settings }, runtime, nets, () => undefined);
  return { ...report, image: work };
}

const same = (a: PixelData, b: PixelData): boolean => a.every((value, i) => value === b[i]);

/** The sum of a function over all samples: typed arrays of a union type cannot be reduced. */
function sumOver(data: PixelData, of: (value: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += of(data[i]!, i);
  return sum;
}

const mean = (data: PixelData): number => sumOver(data, (value) => value) / data.length;

function distance(a: PixelData, b: PixelData): number {
  return Math.sqrt(sumOver(a, (value, i) => (value - b[i]!) ** 2) / a.length);
}

function maxDifference(a: PixelData, b: PixelData): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

/** The image enlarged by mirroring, so that small fixtures need several tiles. */
function mosaic(image: DecodedImage, times: number): DecodedImage {
  const { width, height, channels } = image;
  const data = new Uint8Array(width * height * channels * times * times);
  const flip = (i: number, length: number): number =>
    Math.floor(i / length) % 2 === 0 ? i % length : length - 1 - (i % length);
  for (let y = 0; y < height * times; y++) {
    for (let x = 0; x < width * times; x++) {
      const from = (flip(y, height) * width + flip(x, width)) * channels;
      data.set(image.data.subarray(from, from + channels), (y * width * times + x) * channels);
    }
  }
  return { ...image, width: width * times, height: height * times, data };
}

function to16(image: DecodedImage): DecodedImage {
  return { ...image, depth: 16, data: Uint16Array.from(image.data, (value) => value * 257) };
}

function withAlpha(image: DecodedImage): DecodedImage {
  const { width, height, channels, data } = image;
  const length = width * height;
  const target = data instanceof Uint8Array ? new Uint8Array(length * 4) : new Uint16Array(length * 4);
  for (let i = 0; i < length; i++) {
    for (let c = 0; c < 3; c++) target[i * 4 + c] = data[i * channels + c]!;
    target[i * 4 + 3] = (i * 31) % (data instanceof Uint8Array ? 256 : 65536);
  }
  return { ...image, channels: 4, data: target };
}

/** A colour file of a grey photo: three equal channels. */
function neutralised(image: DecodedImage): DecodedImage {
  return { ...image, data: image.data.map((_, i, all) => all[Math.floor(i / 3) * 3 + 1]!) };
}

describe('quality', () => {
  it.each(SAMPLES)('takes the noise out of %s and leaves the picture', async (name) => {
    const clean = await decodeImage(samplePath(name));
    const noisy = addGaussianNoise(clean, 25, createRandom(5));
    const before = psnr(clean, noisy);
    const blind = await denoise(noisy);
    expect(psnr(clean, blind.image)).toBeGreaterThan(before + 5);
    expect(blind.noise.sigma).toBeGreaterThan(18);
    expect(blind.noise.sigma).toBeLessThan(32);
    expect(psnr(clean, (await denoise(noisy, { sigma: 25 })).image)).toBeGreaterThan(before + 5);
    expect(psnr(clean, (await denoise(noisy, { model: 'quality' })).image)).toBeGreaterThan(psnr(clean, blind.image));
  });
});

describe('tiles', () => {
  it.each([
    ['fast', 256, null],
    ['fast', 256, 50],
    ['quality', 320, null],
    ['quality', 320, 25],
  ] as const)('%s in tiles of %i px equals the untiled result within 1 level', async (model, tile, sigma) => {
    const noisy = mosaic(await noisySample('coffee', sigma ?? 30), 2);
    const whole = await denoise(noisy, { model, sigma }, 2048);
    const tiled = await denoise(noisy, { model, sigma }, tile);
    expect(maxDifference(whole.image.data, tiled.image.data)).toBeLessThanOrEqual(1);
    expect(tiled.noise.sigma).toBeCloseTo(whole.noise.sigma, 1);
    expect(tiled.trust!.score).toBeCloseTo(whole.trust!.score, 1);
  });

  it('are not needed to be larger than the picture: any size down to 1x1 works', async () => {
    const noisy = await noisySample('chelsea', 20);
    for (const [width, height] of [
      [1, 1],
      [3, 200],
      [9, 9],
      [200, 5],
    ] as const) {
      const data = noisy.data.slice(0, width * height * 3);
      const { image } = await denoise({ ...noisy, width, height, data });
      expect(image.data).toHaveLength(width * height * 3);
    }
  });

  it('that cannot hold the overlap are refused with what would do', async () => {
    const noisy = mosaic(await noisySample('chelsea', 20), 2);
    await expect(denoise(noisy, {}, 64)).rejects.toMatchObject({ code: 'model/shape', message: /at least \d+ px/ });
  });
});

describe('strength', () => {
  it('0 is the input bit for bit, at 8 and 16 bits, and still measures the noise', async () => {
    const noisy = await noisySample('rocket', 25);
    for (const image of [noisy, to16(noisy)]) {
      const result = await denoise(image, { strength: 0 });
      expect(same(result.image.data, image.data)).toBe(true);
      expect(result.noise.sigma).toBeGreaterThan(15);
      expect(result.trust).toBeNull();
    }
  });

  it('0 for luma leaves luma alone, 0 for colour leaves colour alone', async () => {
    const noisy = await noisySample('coffee', 30);
    const luma = (d: PixelData, i: number): number => 0.299 * d[i]! + 0.587 * d[i + 1]! + 0.114 * d[i + 2]!;
    const spread = (a: PixelData, b: PixelData, part: (d: PixelData, i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < a.length; i += 3) sum += (part(a, i) - part(b, i)) ** 2;
      return Math.sqrt((sum * 3) / a.length);
    };
    const colourOnly = (await denoise(noisy, { luma: 0 })).image.data;
    const lumaOnly = (await denoise(noisy, { chroma: 0 })).image.data;
    const redness = (d: PixelData, i: number): number => d[i]! - luma(d, i);
    expect(spread(noisy.data, colourOnly, luma)).toBeLessThan(0.1 * spread(noisy.data, lumaOnly, luma));
    expect(spread(noisy.data, lumaOnly, redness)).toBeLessThan(0.1 * spread(noisy.data, colourOnly, redness));
  });

  it.each(['fast', 'quality'])('of %s is monotonic: each step removes more than the last', async (model) => {
    const noisy = await noisySample('astronaut', 20);
    let before = 0;
    for (const strength of [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2]) {
      const { image } = await denoise(noisy, { model, strength });
      const removed = distance(noisy.data, image.data);
      expect(removed).toBeGreaterThan(before);
      before = removed;
    }
  });

  it('above 1 for colour alone removes more colour noise and the same luma noise', async () => {
    const noisy = await noisySample('chelsea', 20);
    const plain = (await denoise(noisy)).image.data;
    const more = (await denoise(noisy, { chroma: 1.8 })).image.data;
    expect(distance(noisy.data, more)).toBeGreaterThan(distance(noisy.data, plain));
    const lumaOf = (d: PixelData): Uint8Array =>
      Uint8Array.from({ length: d.length / 3 }, (_, i) =>
        Math.round(0.299 * d[3 * i]! + 0.587 * d[3 * i + 1]! + 0.114 * d[3 * i + 2]!),
      );
    expect(distance(lumaOf(plain), lumaOf(more))).toBeLessThan(0.5);
  });
});

describe('detail', () => {
  it('gives texture back, more of it with a higher setting, and leaves flat areas clean', async () => {
    const clean = await decodeImage(samplePath('chelsea'));
    const flat = {
      ...clean,
      data: clean.data.map((value, i) => ((i / 3) % clean.width < clean.width / 2 ? 128 : value)),
    };
    const noisy = addGaussianNoise(flat, 15, createRandom(9));
    const results = await Promise.all([0, 0.5, 1].map(async (detail) => (await denoise(noisy, { detail })).image));
    const inHalf = (left: boolean) => (image: DecodedImage) =>
      distance(
        image.data.filter((_, i) => (i / 3) % clean.width < clean.width / 2 - 8 === left),
        results[0]!.data.filter((_, i) => (i / 3) % clean.width < clean.width / 2 - 8 === left),
      );
    const textured = results.map(inHalf(false));
    const plain = results.map(inHalf(true));
    expect(textured[1]).toBeGreaterThan(1);
    expect(textured[2]).toBeGreaterThan(textured[1]! * 1.5);
    expect(plain[2]).toBeLessThan(textured[2]! / 4);
  });
});

describe('what must not change', () => {
  it.each(SAMPLES)('brightness of %s: each channel within 0.1 of 255 where noise is not clipped', async (name) => {
    // Compressed to midtones, as noise that is cut off at black or white has no mean to hold.
    const clean = await decodeImage(samplePath(name));
    const mid = { ...clean, data: clean.data.map((value) => 60 + Math.round(value * 0.5)) };
    for (const sigma of [5, 15]) {
      const noisy = addGaussianNoise(mid, sigma, createRandom(2));
      for (const model of ['fast', 'quality']) {
        const { image } = await denoise(noisy, { model });
        for (const c of [0, 1, 2]) {
          const channel = (d: PixelData): PixelData => d.filter((_, i) => i % 3 === c);
          expect(Math.abs(mean(channel(image.data)) - mean(channel(noisy.data)))).toBeLessThan(0.1);
        }
      }
    }
  });

  it('grey: equal channels stay equal, and a grey file gives the same picture as a grey colour file', async () => {
    const colour = neutralised(await noisySample('astronaut', 20));
    const grey: DecodedImage = { ...colour, channels: 1, data: colour.data.filter((_, i) => i % 3 === 0) };
    const fromColour = (await denoise(colour)).image;
    const fromGrey = (await denoise(grey)).image;
    expect(same(fromColour.data, neutralised(fromColour).data)).toBe(true);
    expect(
      same(
        fromColour.data.filter((_, i) => i % 3 === 0),
        fromGrey.data,
      ),
    ).toBe(true);
    expect(distance(grey.data, fromGrey.data)).toBeGreaterThan(5);
  });

  it('alpha: untouched bit for bit, and colours as without it, tiled too', async () => {
    for (const image of [await noisySample('coffee', 20), to16(await noisySample('coffee', 20))]) {
      const plain = (await denoise(image)).image;
      const see = withAlpha(image);
      const { image: result } = await denoise(see, {}, 224);
      expect(
        same(
          result.data.filter((_, i) => i % 4 === 3),
          see.data.filter((_, i) => i % 4 === 3),
        ),
      ).toBe(true);
      const tolerance = image.depth === 8 ? 1 : 257;
      expect(
        maxDifference(
          result.data.filter((_, i) => i % 4 !== 3),
          plain.data,
        ),
      ).toBeLessThanOrEqual(tolerance);
    }
  });

  it('depth: 16 bits are used, and agree with the 8-bit result', async () => {
    const noisy = await noisySample('rocket', 25);
    const eight = (await denoise(noisy)).image;
    const sixteen = (await denoise(to16(noisy))).image;
    expect(sixteen.data.some((value) => value % 257 !== 0)).toBe(true);
    expect(
      maxDifference(
        eight.data,
        sixteen.data.map((value) => Math.round(value / 257)),
      ),
    ).toBeLessThanOrEqual(1);
  });
});

describe('trust', () => {
  it('is good on photos with noise, and falls when the model is told to take picture for noise', async () => {
    for (const name of SAMPLES) {
      const noisy = await noisySample(name, 15);
      const fair = await denoise(noisy);
      const smoothed = await denoise(noisy, { sigma: 75 });
      expect(fair.trust!.verdict).not.toBe('poor');
      expect(smoothed.trust!.score).toBeLessThan(fair.trust!.score - 0.2);
    }
  });

  it('is poor on a fine weave, which the model has never seen and takes for noise', async () => {
    const base = await noisySample('chelsea', 0);
    const weave = base.data.map((_, i) => {
      const x = Math.floor(i / 3) % base.width;
      const y = Math.floor(i / 3 / base.width);
      return ((x >> 1) + (y >> 1)) % 2 === 0 ? 100 : 150;
    });
    const noisy = addGaussianNoise({ ...base, data: weave }, 3, createRandom(4));
    expect((await denoise(noisy)).trust!.verdict).toBe('poor');
  });
});

describe('control', () => {
  it('cancels between tiles, and the next run is right', async () => {
    const noisy = mosaic(await noisySample('coffee', 20), 2);
    const controller = new AbortController();
    const work = { ...noisy, data: noisy.data.slice() };
    const fractions: number[] = [];
    const run = denoiseInPlace(controller.signal, work, FAST, { ...DEFAULT_RUNTIME, tile: 256 }, nets, (fraction) => {
      fractions.push(fraction);
      controller.abort();
    });
    await expect(run).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(fractions).toHaveLength(1);
    expect(same((await denoise(noisy, {}, 256)).image.data, (await denoise(noisy, {}, 256)).image.data)).toBe(true);
  });

  it('estimates as the denoiser does, leaving the image alone', async () => {
    const noisy = await noisySample('rocket', 30);
    const before = noisy.data.slice();
    const estimate = await estimateNoise(never, noisy, DEFAULT_RUNTIME, nets, () => undefined);
    expect(same(noisy.data, before)).toBe(true);
    expect(estimate.sigma).toBeCloseTo((await denoise(noisy)).noise.sigma, 2);
  });

  it('names what is wrong with a model', async () => {
    const noisy = await noisySample('rocket', 10);
    await expect(denoise(noisy, { model: 'nope' })).rejects.toMatchObject({
      code: 'model/not-found',
      message: /quality, fast/,
    });
    await expect(denoise(noisy, { model: samplePath('rocket') })).rejects.toMatchObject({ code: 'model/invalid' });
  });
});
