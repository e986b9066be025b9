import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../main/core/onnx/codec.js';
import { toNumbers } from '../../main/core/onnx/tensor.js';
import type { LearningNews, LearningReport, LearnRequest } from '../../preload/learn/learn-call.js';
import { sharp } from '../support/codec-photos.js';
import { withKnownNoise } from '../support/flat-noise.js';
import { learnRequest, runLearn, runLearnUntil } from '../support/learning.js';
import { MODELS, samplePath, type Sample } from '../support/photos.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';

const photosFolder = sharedFolder();

/** Writes a photo; `change` gets planes in [0,1]. */
async function writePhoto(name: string, sample: Sample, noise: boolean): Promise<string> {
  const [width, height] = [520, 300];
  const { data } = await sharp(samplePath(sample))
    .removeAlpha()
    .resize(width, height, { fit: 'cover' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) planes[c * plane + i] = data[3 * i + c]! / 255;
  const shown = noise ? withKnownNoise({ width, height, data: planes }, name.length).data : planes;
  const pixels = new Uint8ClampedArray(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = 255 * shown[c * plane + i]!;
  const path = join(photosFolder, name);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

const noisy = await Promise.all([
  writePhoto('a.png', 'chelsea', true),
  writePhoto('bb.png', 'coffee', true),
  writePhoto('ccc.png', 'astronaut', true),
]);

const request = (changes: Partial<LearnRequest> = {}): LearnRequest => learnRequest({ photos: noisy, ...changes });

/** A picture of one colour, a drawing of a few, or whatever is drawn as SVG. */
async function drawn(name: string, svg: string): Promise<string> {
  const path = join(photosFolder, name);
  await sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="520" height="300">${svg}</svg>`))
    .removeAlpha()
    .png()
    .toFile(path);
  return path;
}

describe('learn', () => {
  it('measures the noise, learns it, judges and reports', { timeout: 120_000 }, async () => {
    const asked = request();
    const heard: LearningNews[] = [];
    const report = await runLearn(asked, (news) => heard.push(news));
    const measured = heard.filter((news) => news.type === 'measured');
    expect(measured.map(({ round, rounds }) => [round, rounds])).toEqual([[1, 1]]);
    expect(measured[0]).toMatchObject({ photos: 3, windows: 6, heldOut: 1, problems: [] });
    // The noise that was put on: 0.01 + 0.03 x of full scale, like its neighbour along rows.
    for (const { profile } of report.cameras) {
      const middle = profile.brightness.findIndex((brightness) => brightness > 0.4);
      const sigma = profile.sigma[1].at(middle)!;
      expect(Math.abs(sigma / (0.01 + 0.03 * profile.brightness.at(middle)!) - 1)).toBeLessThan(0.35);
      expect(profile.correlation.across[1]).toBeGreaterThan(0.45);
      expect(profile.correlation.down[1]).toBeLessThan(profile.correlation.across[1]! - 0.15);
    }
    expect(heard.at(-1)).toEqual({ type: 'judged', verdict: report.verdict });
    expect(report.steps).toBeGreaterThanOrEqual(1);
    expect(report).toMatchObject({ method: 'noisy', photos: 3, parent: { model: 'fast' } });
    expect(report.verdict.passed).toBe(existsSync(join(asked.out, 'learnt.onnx')));
    expect(JSON.parse(readFileSync(join(asked.out, 'report.json'), 'utf8'))).toEqual(report);
    // Three quarters of the way to what was trained are kept.
    const bytes = ['settled.onnx', 'round-1/learnt.onnx'].map((file) => readFileSync(join(asked.out, file)));
    const [kept, trained] = bytes.map((file) => decodeModel(file).graph.initializers);
    const parent = decodeModel(readFileSync(join(MODELS, 'denoise-fast.onnx'))).graph.initializers;
    for (const [name, weight] of parent) {
      const [from, to, at] = [weight, trained!.get(name)!, kept!.get(name)!].map(toNumbers);
      expect(at).toEqual(from!.map((value, i) => Math.fround(value + 0.75 * (to![i]! - value))));
    }
    // A second run finds the folder in use; one that goes on finds all done.
    await expect(runLearn(asked)).rejects.toMatchObject({ code: 'output/exists' });
    const again = await runLearn({ ...asked, resume: true });
    expect(again).toEqual(report);
    await expect(runLearn({ ...asked, resume: true, photos: noisy.slice(1) })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });

  it(
    'shows held-out parts as they get better, and measures nothing while it is paused',
    { timeout: 300_000 },
    async () => {
      const samples = join(tempFolder(), 'samples');
      const shown: Extract<LearningNews, { type: 'samples' }>[] = [];
      let resume: () => void = () => undefined;
      const paused = new Promise<void>((resolve) => {
        resume = resolve;
      });
      let isMeasured = false;
      const clean = [await writePhoto('tidy.png', 'rocket', false), await writePhoto('tidy2.png', 'coffee', false)];
      const learning = runLearnUntil(
        new AbortController().signal,
        request({ samples, clean }),
        (news) => {
          if (news.type === 'measured') isMeasured = true;
          if (news.type === 'samples') shown.push(news);
        },
        () => paused,
      );
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(isMeasured).toBe(false);
      resume();
      await learning;
      // Before the first step and after the last.
      expect(shown.map(({ round, step }) => [round, step > 0])).toEqual([
        [1, false],
        [1, true],
      ]);
      const [part] = shown[0]!.parts;
      const pixels = (path: string): Promise<Buffer> => sharp(path).raw().toBuffer();
      expect(await sharp(part!.noisy).metadata()).toMatchObject({ width: 256, height: 256, format: 'png' });
      // At the start the net is its parent; a step later it is not.
      const isSame = async (a: string, b: string): Promise<boolean> => (await pixels(a)).equals(await pixels(b));
      expect(await isSame(part!.current, part!.parent)).toBe(true);
      expect(await isSame(part!.current, part!.noisy)).toBe(false);
      expect(await isSame(shown[1]!.parts[0]!.current, part!.parent)).toBe(false);
      expect(new Set(shown.map(({ parts }) => parts[0]!.noisy)).size).toBe(1);
    },
  );

  it('puts the noise on clean photos where there are some, in one round', { timeout: 120_000 }, async () => {
    const clean = [await writePhoto('clean.png', 'rocket', false), await writePhoto('clean2.png', 'coffee', false)];
    const asked = request({ clean });
    const rounds: number[] = [];
    const report = await runLearn(asked, (news) => {
      if (news.type === 'measured') rounds.push(news.rounds);
    });
    expect(report.method).toBe('clean');
    expect(rounds).toEqual([1]);
    // It learnt from the clean photo itself: nothing was made to stand for it.
    expect(existsSync(join(asked.out, 'round-1/sources'))).toBe(false);
    expect(readdirSync(join(asked.out, 'round-1'))).toContain('noise.bin');
  });

  it('refuses photos that have nothing to teach, before any training', { timeout: 120_000 }, async () => {
    const useless = {
      black: await drawn('black.png', '<rect width="520" height="300" fill="#000"/>'),
      even: await drawn('even.png', '<rect width="520" height="300" fill="#8899aa"/>'),
      cartoon: await drawn(
        'cartoon.png',
        '<rect width="520" height="300" fill="#48c"/><circle cx="200" cy="150" r="90" fill="#fc3"/><path d="M0 250h520v50H0z" fill="#3a3"/>',
      ),
    };
    for (const photo of Object.values(useless)) {
      const asked = request({ photos: [photo] });
      await expect(runLearn(asked), photo).rejects.toMatchObject({ code: 'learn/no-noise' });
      expect(existsSync(join(asked.out, 'round-1/checkpoint.bin'))).toBe(false);
    }
    const single = await sharp(noisy[0]).resize(300, 300).png().toFile(join(photosFolder, 'single.png'));
    expect(single.width).toBe(300);
    await expect(runLearn(request({ photos: [join(photosFolder, 'single.png')] }))).rejects.toMatchObject({
      code: 'input/unsupported',
    });
    const small = await sharp(noisy[0]).resize(100, 80).png().toFile(join(photosFolder, 'small.png'));
    expect(small.width).toBe(100);
    await expect(runLearn(request({ photos: [join(photosFolder, 'small.png')] }))).rejects.toMatchObject({
      code: 'input/not-found',
      message: expect.stringContaining('100 x 80') as string,
    });
  });

  it('promotes nothing that a wrong learning rate has ruined', { timeout: 120_000 }, async () => {
    // The run keeps its best: from the start on, none is better, and what is no better is refused.
    const report = await runLearn(request({ rate: 500 })).catch((error: unknown) => error);
    if (report instanceof Error) expect(report).toMatchObject({ code: 'training/diverged' });
    else {
      const { verdict } = report as LearningReport;
      expect(verdict.passed).toBe(false);
      expect(verdict.reasons).not.toEqual([]);
    }
  });

  it('is stopped anywhere and goes on to the same', { timeout: 120_000 }, async () => {
    const asked = request();
    const stop = new AbortController();
    let steps = 0;
    await expect(
      runLearnUntil(stop.signal, asked, (news) => {
        if (news.type === 'training' && news.news.type === 'checkpoint' && ++steps > 0) stop.abort();
      }),
    ).rejects.toMatchObject({ code: 'engine/cancelled' });
    const report = await runLearn({ ...asked, resume: true });
    expect(report.steps).toBeGreaterThan(0);
  });
});
