import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gradientCorrelation, haloOf } from '../../main/core/latent/detail.js';
import { decodeImage, type DecodedImage } from '../../main/engine/codec.js';
import { closeMetadata } from '../../main/engine/metadata.js';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import type { EngineParams } from '../../preload/engine-protocol.js';
import type { GenerationRecipe, VariationStep } from '../../preload/generate/recipe.js';
import { measureSamples } from '../../scripts/bench/sample-distance.js';
import { VaeStore } from '../../main/engine/generate/vae.js';
import { readTags, richJpeg, sharp } from '../support/codec-photos.js';
import { callEngine } from '../support/engine-service.js';
import { writeBlur } from '../support/model-files.js';
import { MODELS, samplePath, SAMPLES } from '../support/photos.js';
import { sharedFolder } from '../support/temp-folder.js';

/** One thread: on a busy machine the runtime's threads wait for each other. */
const runtime = { ...DEFAULT_RUNTIME, threads: 1 };
const settings = { ...DEFAULT_DENOISE, model: 'fast' };
const folder = sharedFolder();
const at = (name: string): string => join(folder, name);
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

afterAll(closeMetadata);

/** A sample at a small size. */
async function small(name: (typeof SAMPLES)[number], file: string, width = 150, height = 100): Promise<string> {
  await sharp(samplePath(name)).removeAlpha().resize(width, height, { fit: 'cover' }).toFile(at(file));
  return at(file);
}

const around = (strength: number, seed = 1): VariationStep => ({ kind: 'around', seed, index: 0, strength });

async function exported(
  photo: string,
  steps: readonly (readonly VariationStep[])[],
  name: string,
  more: Partial<EngineParams<'exportVariations'>> = {},
) {
  const outputs = steps.map((_, i) => at(`${name}-${i}${/\.\w+$/.exec(photo)![0]}`));
  const items = steps.map((own, i) => ({ steps: [...own], output: { path: outputs[i]!, overwrite: false } }));
  const request = { vae: null, runtime, photo, settings, encode: DEFAULT_ENCODE, items, ...more };
  const report = await callEngine('exportVariations', request);
  return { report, outputs };
}

const samples = ({ data }: DecodedImage): number[] => Array.from(data);
const difference = (a: DecodedImage, b: DecodedImage): number =>
  Math.sqrt(samples(a).reduce((sum, x, i) => sum + (x - b.data[i]!) ** 2, 0) / a.data.length);
const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);

describe('variations at full resolution', () => {
  it('of strength 0 are the denoised photo bit for bit, and go further from it the stronger they are', async () => {
    const photo = await small('chelsea', 'cat.png');
    const strengths = [0, 0.5, 1, 2];
    const { outputs } = await exported(
      photo,
      strengths.map((strength) => [around(strength)]),
      'cat',
    );
    const denoised = at('cat-denoised.png');
    const request = { input: photo, output: denoised, overwrite: false, settings, encode: DEFAULT_ENCODE, runtime };
    await callEngine('denoise', request);
    const reference = await decodeImage(denoised);
    const images = await Promise.all(outputs.map((output) => decodeImage(output)));
    expect(isSame(samples(images[0]!), samples(reference))).toBe(true);
    const distances = images.map((image) => difference(image, reference));
    expect([...distances].sort((a, b) => a - b)).toEqual(distances);
    expect(distances[1]).toBeGreaterThan(1);
    expect(gradientCorrelation(reference, images[2]!)).toBeGreaterThan(0.98);
    expect(haloOf(reference, images[2]!)).toBeLessThan(0.3);
  });

  it('are of what denoising makes where a fallback takes the place of the model, and say so', async () => {
    const photo = await small('coffee', 'cup.png', 300, 200);
    const own = { ...settings, model: writeBlur(at('blur.onnx')), fallback: 'fast' };
    const { outputs, report } = await exported(photo, [[around(0)]], 'cup', { settings: own });
    const denoised = at('cup-denoised.png');
    const request = { input: photo, output: denoised, overwrite: false, encode: DEFAULT_ENCODE, runtime };
    const { fit } = await callEngine('denoise', { ...request, settings: own });
    expect(fit?.used).toBe('fallback');
    const [varied, reference] = await Promise.all([outputs[0]!, denoised].map((file) => decodeImage(file)));
    expect(isSame(samples(varied!), samples(reference!))).toBe(true);
    const shown = { strength: 1, seed: 1, count: 1, folder, side: 120, sheet: null };
    const previews = { vae: null, runtime, photo, settings: own, parent: [], ...shown };
    const { variations } = await callEngine('variations', { ...previews, kind: 'around' });
    const { sha256: fast } = (await callEngine('models', {})).find(({ name }) => name === 'fast')!;
    for (const recipe of [report.items[0]!.recipe, variations[0]!.recipe]) {
      expect(recipe).toMatchObject({ denoise: { settings: { model: 'fast' }, sha256: fast } });
    }
  });

  it('are the same file for the same seed, another for another, and say what they are', async () => {
    const photo = at('rich.jpg');
    await richJpeg(photo, 6);
    const before = sha256(photo);
    const steps = [[around(1)], [around(1)], [around(1, 2)]];
    const { outputs, report } = await exported(photo, steps, 'rich');
    const [first, again, other] = outputs.map(sha256);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    // Not by what they say of themselves alone.
    const [a, b] = await Promise.all([outputs[0]!, outputs[2]!].map((file) => decodeImage(file)));
    expect(difference(a!, b!)).toBeGreaterThan(1);
    expect(sha256(photo)).toBe(before);
    const [original, tags] = readTags([photo, outputs[0]!]);
    expect(tags!['XMP-iptcExt:DigitalSourceType']).toBe(
      'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
    );
    const recipe = JSON.parse(String(tags!['XMP-stillgrain:Recipe'])) as GenerationRecipe;
    expect(recipe).toEqual(report.items[0]!.recipe);
    expect(recipe).toMatchObject({ made: 'variation', photo: { name: 'rich.jpg', sha256: before }, steps: steps[0] });
    expect(String(tags!['XMP-stillgrain:Parents'])).toBe(`sha256:${before} rich.jpg`);
    expect(tags!['XMP-stillgrain:Decoder']).toBe(`sha256:${sha256(join(MODELS, 'vae-decoder.onnx'))}`);
    expect(tags!['XMP-stillgrain:Denoiser']).toBe(`sha256:${sha256(join(MODELS, 'denoise-fast.onnx'))}`);
    // What the photo says of itself is kept, its orientation included.
    for (const tag of ['IFD0:Model', 'IFD0:Orientation', 'ExifIFD:DateTimeOriginal']) {
      expect(original![tag]).toBeDefined();
      expect(tags![tag]).toEqual(original![tag]);
    }
  });

  it('keep 16 bits, alpha and greyness', async () => {
    const photo = at('grey16.png');
    const grey = sharp(samplePath('coffee')).removeAlpha().resize(120, 90).greyscale().toColourspace('grey16');
    await grey.png().toFile(photo);
    expect(await decodeImage(photo)).toMatchObject({ depth: 16, channels: 1 });
    const { outputs } = await exported(photo, [[around(2)]], 'grey16');
    expect(await decodeImage(outputs[0]!)).toMatchObject({ depth: 16, channels: 1 });
    const clear = at('clear.png');
    await sharp(samplePath('coffee')).ensureAlpha(0.4).resize(120, 90).toFile(clear);
    const varied = await exported(clear, [[around(2)]], 'clear');
    const [a, b] = await Promise.all([clear, varied.outputs[0]!].map((file) => decodeImage(file)));
    const alpha = (image: DecodedImage): number[] => samples(image).filter((_, i) => i % 4 === 3);
    expect(isSame(alpha(a!), alpha(b!))).toBe(true);
    expect(isSame(samples(a!), samples(b!))).toBe(false);
  });

  it('fail one by one: a name that is taken stops no other', async () => {
    const photo = await small('coffee', 'cup.png');
    writeFileSync(at('cup-0.png'), 'mine');
    const { report, outputs } = await exported(photo, [[around(1)], [around(1)]], 'cup');
    expect(report.items.map(({ error }) => error?.code ?? null)).toEqual(['output/exists', null]);
    expect(readFileSync(outputs[0]!, 'utf8')).toBe('mine');
    const unknown = await exported(photo, [[{ kind: 'direction', name: 'happier', strength: 1 }]], 'happy');
    expect(unknown.report.items[0]!.error).toMatchObject({ code: 'usage/invalid' });
  });
});

describe('previews', () => {
  const request = (photo: string, more: Partial<EngineParams<'variations'>>): EngineParams<'variations'> => ({
    vae: null,
    runtime,
    photo,
    parent: [],
    kind: 'around',
    count: 3,
    strength: 1,
    seed: 1,
    settings,
    folder,
    side: 96,
    sheet: null,
    ...more,
  });

  it('of directions do what their names say', async () => {
    const photo = await small('coffee', 'directed.png');
    const report = await callEngine('variations', request(photo, { kind: 'directions', count: 14 }));
    const means = async (file: string): Promise<number[]> => {
      const { channels } = await sharp(file).stats();
      return channels.map(({ mean }) => mean);
    };
    const base = await means(report.base);
    const named = new Map(report.variations.map(({ name, file }) => [name, file]));
    const luma = ([r, g, b]: number[]): number => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    expect(luma(await means(named.get('brighter')!))).toBeGreaterThan(luma(base) + 5);
    expect(luma(await means(named.get('darker')!))).toBeLessThan(luma(base) - 5);
    const deviation = async (file: string): Promise<number> =>
      (await sharp(file).greyscale().stats()).channels[0]!.stdev;
    expect(await deviation(named.get('more contrast')!)).toBeGreaterThan(await deviation(report.base));
  });

  it('vary a variation further, and are the same again by their recipes', async () => {
    const photo = await small('rocket', 'launch.png');
    const first = await callEngine('variations', request(photo, {}));
    const parent = first.variations[1]!.recipe.steps;
    const further = await callEngine('variations', request(photo, { parent, seed: 5 }));
    expect(further.variations[0]!.recipe.steps).toEqual([
      { kind: 'around', seed: 1, index: 1, strength: 1 },
      { kind: 'around', seed: 5, index: 0, strength: 1 },
    ]);
    expect(new Set([...first.variations, ...further.variations].map(({ file }) => sha256(file))).size).toBe(6);
    const bytes = first.variations.map(({ file }) => sha256(file));
    const again = await callEngine('variations', request(photo, {}));
    expect(again.variations.map(({ file }) => sha256(file))).toEqual(bytes);
  });
});

describe('ways, samples, maps', () => {
  it('a way begins and ends with its photos, and is marked as synthetic throughout', async () => {
    const photos = [await small('coffee', 'a.png'), await small('rocket', 'b.jpg', 300, 90)];
    const outputs = [0, 1, 2].map((i) => ({ path: at(`frame-${i}.png`), overwrite: false }));
    const animation = { path: at('way.webp'), overwrite: false, framesPerSecond: 10 };
    const common = { vae: null, runtime, photos, frames: 3, closed: false, detail: 1, side: 150 };
    await callEngine('interpolate', { ...common, outputs, animation: null });
    await callEngine('interpolate', { ...common, outputs: [], animation });
    const [first, photo] = await Promise.all([outputs[0]!.path, photos[0]!].map((file) => decodeImage(file)));
    expect(difference(first!, photo!)).toBeLessThan(1);
    expect(await sharp(animation.path).metadata()).toMatchObject({ format: 'webp', pages: 3, delay: [100, 100, 100] });
    for (const tags of readTags([outputs[1]!.path, animation.path])) {
      expect(tags['XMP-iptcExt:DigitalSourceType']).toMatch(/\/trainedAlgorithmicMedia$/);
    }
    await expect(callEngine('interpolate', { ...common, outputs, animation: null })).rejects.toMatchObject({
      code: 'output/exists',
    });
    writeFileSync(at('broken.jpg'), 'no photo');
    await expect(
      callEngine('interpolate', { ...common, photos: [photos[0]!, at('broken.jpg')], outputs: [], animation: null }),
    ).rejects.toThrow('broken.jpg: ');
  });

  it('a map puts like beside like, and what cannot be read is named', async () => {
    const library = at('library');
    mkdirSync(library);
    const photos: string[] = [];
    for (const name of SAMPLES) {
      for (const k of [0, 1]) {
        const file = join(library, `${name}-${k}.png`);
        const pipeline = sharp(samplePath(name))
          .removeAlpha()
          .resize(140 + 20 * k, 100, { fit: 'cover' });
        await pipeline.modulate({ brightness: 1 + 0.05 * k }).toFile(file);
        photos.push(file);
      }
    }
    const tiny = join(library, 'tiny.png');
    await sharp(samplePath('coffee')).resize(20, 20).toFile(tiny);
    const cache = at('latents');
    const request = {
      vae: null,
      runtime,
      photos: [...photos, tiny],
      cache,
      neighbours: 2,
      file: null,
      picture: null,
      side: 256,
    };
    const map = await callEngine('latentMap', request);
    expect(map.problems).toMatchObject([{ path: tiny, error: { code: 'input/unsupported' } }]);
    map.points.forEach((point, i) => {
      expect(point.neighbours[0]!.index).toBe(i ^ 1);
    });
    expect(readdirSync(cache)).toHaveLength(8);
    const again = await callEngine('latentMap', { ...request, picture: { path: at('map.png'), overwrite: false } });
    expect(again.points).toEqual(map.points);
    const { x, y } = map.points[2]!;
    const place = { vae: null, runtime, photos, cache, x, y, detail: 1, folder, side: 128 };
    const point = await callEngine('latentPoint', place);
    expect(point.nearest).toBe(photos[2]);
    const elsewhere = await callEngine('latentPoint', { ...place, x: x + 3 });
    expect(sha256(elsewhere.file)).not.toBe(sha256(point.file));
  });

  it('samples of the mixture prior are nearer to photos than those of N(0, I)', async () => {
    const crops = at('crops');
    mkdirSync(crops);
    const paths: string[] = [];
    for (const name of SAMPLES) {
      const { width, height } = await sharp(samplePath(name)).metadata();
      for (let k = 0; k < 8; k++) {
        const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
        const left = Math.floor(((k % 4) * (width - w)) / 3);
        const file = join(crops, `${name}-${k}.png`);
        const crop = { left, top: k < 4 ? 0 : height - h, width: w, height: h };
        await sharp(samplePath(name)).removeAlpha().extract(crop).resize(128, 128, { fit: 'fill' }).toFile(file);
        paths.push(file);
      }
    }
    const vae = await new VaeStore(MODELS).open(null, runtime);
    const { mixture, normal } = await measureSamples(vae, paths, 40);
    await vae.release();
    expect(mixture).toBeLessThan(0.8 * normal);
  });
});

describe('some samples of a seed', () => {
  it('are those of their numbers, whatever else is made', async () => {
    const files = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ path: at(`${prefix}-${index}.png`), overwrite: false }));
    const request = { vae: null, runtime, photos: [], seed: 11, side: 64, cache: null };
    const all = files('all', 3);
    await callEngine('sample', { ...request, outputs: all, indices: null });
    const some = files('some', 2);
    const { files: made } = await callEngine('sample', { ...request, outputs: some, indices: [2, 0] });
    expect(made.map(({ recipe }) => recipe)).toMatchObject([{ index: 2 }, { index: 0 }]);
    expect(readFileSync(some[0]!.path).equals(readFileSync(all[2]!.path))).toBe(true);
    expect(readFileSync(some[1]!.path).equals(readFileSync(all[0]!.path))).toBe(true);
    const wrong = { ...request, outputs: files('wrong', 1), indices: [1, 2] };
    await expect(callEngine('sample', wrong)).rejects.toMatchObject({ code: 'usage/invalid' });
  });
});

describe('a VAE of the person', () => {
  it('is taken from a folder; files that are none are refused with the reason', async () => {
    const own = at('own');
    mkdirSync(own);
    for (const half of ['encoder', 'decoder'])
      copyFileSync(join(MODELS, `vae-${half}.onnx`), join(own, `mine-${half}.onnx`));
    const output = { path: at('sample.png'), overwrite: false };
    const request = { vae: own, runtime, photos: [], seed: 3, side: 64, outputs: [output], indices: null, cache: null };
    expect(await callEngine('sample', request)).toMatchObject({ components: 0, files: [{ recipe: { seed: 3 } }] });
    const fake = at('fake');
    mkdirSync(fake);
    copyFileSync(join(MODELS, 'denoise-fast.onnx'), join(fake, 'net-encoder.onnx'));
    copyFileSync(join(MODELS, 'vae-decoder.onnx'), join(fake, 'net-decoder.onnx'));
    const refused = { ...request, outputs: [{ path: at('never.png'), overwrite: false }] };
    await expect(callEngine('sample', { ...refused, vae: fake })).rejects.toMatchObject({
      code: 'model/invalid',
      message: expect.stringContaining('net-encoder.onnx is no part of a VAE') as string,
    });
    await expect(callEngine('sample', { ...refused, vae: at('crops') })).rejects.toMatchObject({
      code: 'model/not-found',
    });
    writeFileSync(join(fake, 'net-encoder.onnx'), 'text');
    await expect(callEngine('sample', { ...refused, vae: fake })).rejects.toMatchObject({ code: 'model/invalid' });
  });
});
