import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME, type DenoiseSettings } from '../../preload/contract.js';
import type { DenoiseReport } from '../../preload/engine-protocol.js';
import { LEAST_TRUST_SHARE } from '../../main/core/image/fit.js';
import { callEngine, codeOf } from '../support/engine-service.js';
import { exifBlock, insertExif } from '../support/exif-block.js';
import { writeBlur } from '../support/model-files.js';
import { MODELS, writeNoisyPng } from '../support/photos.js';
import { previewJob, runPreview, unpack } from '../support/previews.js';
import { sharedFolder } from '../support/temp-folder.js';
import { sharp } from '../support/codec-photos.js';

/** Who does a photo: the model that was asked for, or its fallback, through the real nets. */

const folder = sharedFolder();
const photo = join(folder, 'photo.png');
/** On its side, and larger than the places of it that are tried. */
const turned = join(folder, 'turned.jpg');
let blur: string;
let count = 0;

beforeAll(async () => {
  blur = writeBlur(join(folder, 'blur.onnx'));
  await writeNoisyPng(photo, 'chelsea', 400, 300, 12);
  await writeNoisyPng(join(folder, 'large.png'), 'coffee', 900, 700, 12);
  const jpeg = await sharp(join(folder, 'large.png')).jpeg({ quality: 95 }).toBuffer();
  writeFileSync(turned, insertExif(jpeg, exifBlock({ orientation: 6 })));
});

async function denoise(
  input: string,
  settings: Partial<DenoiseSettings>,
): Promise<{ report: DenoiseReport; file: Buffer }> {
  const output = join(folder, `result-${count++}.png`);
  const report = await callEngine('denoise', {
    input,
    output,
    overwrite: false,
    settings: { ...DEFAULT_DENOISE, ...settings },
    encode: { ...DEFAULT_ENCODE, format: 'png' },
    runtime: DEFAULT_RUNTIME,
  });
  return { report, file: readFileSync(output) };
}

describe('denoise with a fallback', () => {
  it('leaves a photo to the fallback where the model takes picture for noise', async () => {
    const { report, file } = await denoise(photo, { model: blur, fallback: 'fast' });
    const { fit } = report;
    expect(fit).toMatchObject({ used: 'fallback', fallback: 'fast' });
    expect(fit!.trust.model).toBeLessThan(LEAST_TRUST_SHARE * fit!.trust.fallback);
    const fast = await denoise(photo, { model: 'fast' });
    expect(file.equals(fast.file)).toBe(true);
    expect(report.trust).toEqual(fast.report.trust);
    expect(fast.report.fit).toBeUndefined();
  });

  it('keeps to a model that fits', async () => {
    const model = join(MODELS, 'denoise-quality.onnx');
    const { report, file } = await denoise(photo, { model, fallback: 'fast' });
    expect(report.fit).toMatchObject({ used: 'model', fallback: 'fast' });
    expect(file.equals((await denoise(photo, { model: 'quality' })).file)).toBe(true);
  });

  it('decides alike whatever the sliders say, but for those that remove nothing', async () => {
    const first = (await denoise(photo, { model: blur, fallback: 'fast' })).report.fit;
    const second = await denoise(photo, { model: blur, fallback: 'fast', strength: 1.5, sigma: 30, detail: 1 });
    expect(second.report.fit).toEqual(first);
    for (const nothing of [{ strength: 0 }, { sigma: 0 }]) {
      const { report } = await denoise(photo, { model: blur, fallback: 'fast', ...nothing });
      expect(report.fit).toBeUndefined();
    }
  });

  it.each(['none', 'no-such-model', undefined])(
    'and does what it was asked for with the fallback %j',
    async (fallback) => {
      const { report, file } = await denoise(photo, { model: blur, fallback });
      expect(report.fit).toBeUndefined();
      expect(file.equals((await denoise(photo, { model: 'fast' })).file)).toBe(false);
    },
  );

  it('or where it is the very same net, or the photo is too small to tell', async () => {
    const same = await denoise(photo, { model: join(MODELS, 'denoise-fast.onnx'), fallback: 'fast' });
    expect(same.report.fit).toBeUndefined();
    const tiny = join(folder, 'tiny.png');
    await writeNoisyPng(tiny, 'chelsea', 60, 60);
    expect((await denoise(tiny, { model: blur, fallback: 'fast' })).report.fit).toBeUndefined();
  });

  it('says what is wrong with the model, not with the fallback', async () => {
    const missing = denoise(photo, { model: join(folder, 'gone.onnx'), fallback: 'fast' });
    expect(await codeOf(missing)).toBe('model/not-found');
  });
});

describe('preview with a fallback', () => {
  const region = { left: 64, top: 64, width: 128, height: 96 };

  it.each([
    ['a small photo', () => photo],
    ['a photo that is turned', () => turned],
  ])('decides as denoising does, to the last digit: %s', async (_, input) => {
    const { report } = await denoise(input(), { model: blur, fallback: 'fast' });
    const { folder: unpacked } = await unpack(input());
    const { result, parts } = await runPreview(previewJob(unpacked, region, { model: blur, fallback: 'fast' }));
    expect(result.fit).toEqual(report.fit);
    expect(result.fit!.used).toBe('fallback');
    const fast = await runPreview(previewJob(unpacked, region, { model: 'fast' }));
    expect(readFileSync(parts[0]!.first).equals(readFileSync(fast.parts[0]!.first))).toBe(true);
    expect(fast.result.fit).toBeUndefined();
  });

  it('remembers it for the next one, and shows the model itself where that is asked for', async () => {
    const { folder: unpacked } = await unpack(photo);
    const job = previewJob(unpacked, region, { model: blur, fallback: 'fast' });
    const { fit } = (await runPreview(job)).result;
    rmSync(join(unpacked, 'sample.raw'));
    expect((await runPreview(job)).result.fit).toEqual(fit);
    const other = runPreview({ ...job, fallback: 'quality' });
    expect(await codeOf(other)).toBe('input/not-found');
    const { result } = await runPreview({ ...job, fallback: 'none' });
    expect(result.fit).toBeUndefined();
    expect(result.trust!.score).toBeLessThan(0.5);
  });

  it('unpacks again what an earlier version has unpacked', async () => {
    const { folder: unpacked } = await unpack(photo);
    const manifest = join(unpacked, 'photo.json');
    const now = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
    writeFileSync(manifest, JSON.stringify({ ...now, sample: undefined }));
    expect(await codeOf(runPreview(previewJob(unpacked, region)))).toBe('input/not-found');
  });
});
