import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../main/core/onnx/codec.js';
import { toNumbers } from '../../main/core/onnx/tensor.js';
import type { LearningNews, LearnRequest } from '../../preload/learn/learn-call.js';
import { sharp } from '../support/codec-photos.js';
import { writeNoisyPhotos, writePhoto } from '../support/learning-photos.js';
import { learnRequest, runLearn, runLearnUntil } from '../support/learning.js';
import { blurringDenoiser } from '../support/model-files.js';
import { MODELS } from '../support/photos.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';

const photosFolder = sharedFolder();
const noisy = await writeNoisyPhotos(photosFolder);
/** Where it does not matter what is learnt, something quick learns. */
const quick = join(sharedFolder(), 'quick.onnx');
writeFileSync(quick, blurringDenoiser());

const request = (changes: Partial<LearnRequest> = {}): LearnRequest => learnRequest({ photos: noisy, ...changes });

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
      const clean = [
        await writePhoto(photosFolder, 'tidy.png', 'rocket', false),
        await writePhoto(photosFolder, 'tidy2.png', 'coffee', false),
      ];
      const learning = runLearnUntil(
        new AbortController().signal,
        request({ model: quick, samples, clean }),
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
    const clean = [
      await writePhoto(photosFolder, 'clean.png', 'rocket', false),
      await writePhoto(photosFolder, 'clean2.png', 'coffee', false),
    ];
    const asked = request({ model: quick, clean });
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
});
