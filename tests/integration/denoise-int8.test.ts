import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { psnr } from '../../main/core/image/metrics.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { decodeImage, type DecodedImage } from '../../main/engine/codec.js';
import { denoiseInPlace } from '../../main/engine/denoise-image.js';
import { ModelStore } from '../../main/engine/models.js';
import { SessionCache } from '../../main/engine/sessions.js';
import { DEFAULT_DENOISE, DEFAULT_RUNTIME, type DenoiseSettings, type Precision } from '../../preload/contract.js';
import { MODELS, noisySample, samplePath } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';

/** What the program promises of results, kept by the 8-bit variants, too. */

const nets = { models: new ModelStore(MODELS), sessions: new SessionCache() };
const never = new AbortController().signal;
const VARIANTS = ['fast', 'quality'] as const;

async function denoise(
  image: DecodedImage,
  settings: Partial<DenoiseSettings>,
  { tile = null, precision = 'int8' }: { tile?: number | null; precision?: Precision } = {},
): Promise<DecodedImage> {
  const work = { ...image, data: image.data.slice() };
  const runtime = { ...DEFAULT_RUNTIME, tile, precision };
  await denoiseInPlace(never, work, { ...DEFAULT_DENOISE, ...settings }, runtime, nets, () => undefined);
  return work;
}

const differences = (a: DecodedImage, b: DecodedImage): number[] =>
  Array.from(a.data, (value, at) => value - b.data[at]!);

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each(VARIANTS)('%s in 8 bits', (model) => {
  it('denoises as well as in float, and not to the same numbers', async () => {
    const clean = await decodeImage(samplePath('coffee'));
    const noisy = addGaussianNoise(clean, 25, createRandom(5));
    const float = await denoise(noisy, { model, sigma: 25 }, { precision: 'float' });
    const small = await denoise(noisy, { model, sigma: 25 });
    expect(largest(differences(small, float))).toBeGreaterThan(0);
    expect(psnr(clean, small)).toBeGreaterThan(psnr(clean, float) - 0.1);
  });

  it('in tiles equals the untiled result within 1 level', async () => {
    const noisy = await noisySample('coffee', 30);
    const whole = await denoise(noisy, { model, sigma: 30 }, { tile: 1024 });
    const tiled = await denoise(noisy, { model, sigma: 30 }, { tile: model === 'fast' ? 256 : 320 });
    expect(largest(differences(whole, tiled))).toBeLessThanOrEqual(1);
  });

  it('does not shift the mean brightness', async () => {
    const noisy = await noisySample('chelsea', 25);
    const result = await denoise(noisy, { model });
    const shift = differences(result, noisy).reduce((sum, value) => sum + value, 0) / noisy.data.length;
    expect(Math.abs(shift)).toBeLessThan(0.1);
  });

  it('keeps grey grey', async () => {
    const noisy = await noisySample('coffee', 25);
    const grey = { ...noisy, data: noisy.data.map((_, at, all) => all[Math.floor(at / 3) * 3 + 1]!) };
    const { data } = await denoise(grey, { model });
    expect(data.every((value, at) => value === data[Math.floor(at / 3) * 3])).toBe(true);
  });

  it('with a strength of 0 gives the input bit for bit', async () => {
    const noisy = await noisySample('rocket', 25);
    expect(largest(differences(await denoise(noisy, { model, strength: 0 }), noisy))).toBe(0);
  });
});

describe('a model without an 8-bit variant', () => {
  it('is refused with what to do', async () => {
    const file = await nets.models.denoiserFile('fast');
    await expect(nets.models.denoiser(file, 'int8')).rejects.toMatchObject({
      code: 'model/not-found',
      message: expect.stringContaining('no 8-bit variant: use float') as string,
    });
  });
});

it('is for the processor', async () => {
  const noisy = await noisySample('rocket', 25);
  const runtime = { ...DEFAULT_RUNTIME, provider: 'webgpu', precision: 'int8' } as const;
  const run = denoiseInPlace(never, noisy, { ...DEFAULT_DENOISE, model: 'fast' }, runtime, nets, () => undefined);
  await expect(run).rejects.toMatchObject({
    code: 'engine/provider',
    message: expect.stringContaining('float') as string,
  });
});

it('is a file of its own, which the catalogue vouches for', async () => {
  const denoisers = await nets.models.summaries(['denoiser']);
  expect(denoisers.map(({ name, intact }) => [name, intact])).toEqual([
    ['quality', true],
    ['fast', true],
  ]);
  const hashes = await Promise.all(VARIANTS.map(async (name) => (await nets.models.denoiser(name, 'int8')).sha256));
  // Sessions and cached results are told apart by it.
  expect(hashes).not.toContain((await nets.models.denoiser('fast')).sha256);
});

it('is said to be not intact where it is missing, and the float net is there all the same', async () => {
  const folder = tempFolder();
  for (const name of readdirSync(MODELS)) {
    if (name !== 'denoise-fast.int8.onnx' && name !== 'recipes') copyFileSync(join(MODELS, name), join(folder, name));
  }
  const models = new ModelStore(folder);
  const denoisers = await models.summaries(['denoiser']);
  expect(denoisers.map(({ name, intact }) => [name, intact])).toEqual([
    ['quality', true],
    ['fast', false],
  ]);
  expect((await models.denoiser('fast')).graph.outputs).toHaveLength(1);
  await expect(models.denoiser('fast', 'int8')).rejects.toMatchObject({ code: 'model/not-found' });
});
