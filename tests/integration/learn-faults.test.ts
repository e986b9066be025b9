import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LearningReport, LearnRequest } from '../../preload/learn/learn-call.js';
import { sharp } from '../support/codec-photos.js';
import { writeNoisyPhotos } from '../support/learning-photos.js';
import { learnRequest, runLearn, runLearnUntil } from '../support/learning.js';
import { blurringDenoiser } from '../support/model-files.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';

const photosFolder = sharedFolder();
const noisy = await writeNoisyPhotos(photosFolder);
/** Where it does not matter what is learnt, something quick learns. */
const quick = join(sharedFolder(), 'quick.onnx');
writeFileSync(quick, blurringDenoiser());

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

describe('learning that does not go well', () => {
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

  it('leaves out what is too small, says when the disk is full, and goes on when there is room', async ({ skip }) => {
    const disk = tempFolder();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk], { encoding: 'utf8' });
    if (mount.status !== 0) skip(`no tmpfs can be mounted here (${mount.stderr.trim()})`);
    onTestFinished(() => void spawnSync('umount', [disk]));
    const [tiny, huge] = [join(photosFolder, 'tiny.png'), join(photosFolder, 'huge.png')];
    await sharp(noisy[0]).resize(90, 60).png().toFile(tiny);
    await sharp(noisy[1]).resize(3600, 300, { fit: 'fill' }).png().toFile(huge);
    const out = join(disk, 'run');
    mkdirSync(out);
    const asked = request({ out, model: quick, photos: [noisy[2]!, tiny, huge] });
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 2 ** 17));
    await expect(runLearn(asked)).rejects.toMatchObject({ code: 'output/disk-full' });
    expect(existsSync(join(out, 'report.json'))).toBe(false);
    rmSync(join(disk, 'ballast'));
    let problems: readonly { readonly path: string }[] = [];
    const report = await runLearn({ ...asked, resume: true }, (news) => {
      if (news.type === 'measured') problems = news.problems;
    });
    expect(problems).toMatchObject([{ path: tiny }]);
    expect(report.photos).toBe(2);
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
    const asked = request({ model: quick });
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
