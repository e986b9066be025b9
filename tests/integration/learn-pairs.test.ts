import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LearningNews, Scene } from '../../preload/learn/learn-call.js';
import { writeFrame, type FrameOptions } from '../support/frames.js';
import { learnRequest, runLearn, runLearnUntil } from '../support/learning.js';
import { sharedFolder } from '../support/temp-folder.js';

const folder = sharedFolder();
const SIZE = { width: 280, height: 300 };

/** Writes the frames of a scene into a folder of its own. */
async function scene(name: string, frames: readonly FrameOptions[], common: FrameOptions = {}): Promise<Scene> {
  mkdirSync(join(folder, name));
  const paths = frames.map((frame, index) =>
    writeFrame(join(folder, name, `${index + 1}.png`), { ...SIZE, seed: index + 1, ...common, ...frame }),
  );
  return { name: join(folder, name), frames: await Promise.all(paths) };
}

const NOISE = { sigma: 18 };
const pair = await scene('pair', [NOISE, { sigma: 0 }], { sample: 'coffee' });
const two = await scene('two', [NOISE, { ...NOISE, gain: [1.03, 1.03, 1.03] }], { sample: 'astronaut' });
const burst = await scene('burst', [NOISE, NOISE, NOISE], { sample: 'chelsea' });
const moved = await scene('moved', [NOISE, { ...NOISE, moved: [3, 0] }]);
const darker = await scene('darker', [NOISE, { ...NOISE, gain: [0.8, 0.8, 0.8] }]);
const copies = await scene('copies', [
  { ...NOISE, seed: 1 },
  { ...NOISE, seed: 1 },
]);
const sizes = await scene('sizes', [NOISE, { ...NOISE, width: 260 }]);
const broken = await scene('broken', [NOISE, NOISE]);
writeFileSync(broken.frames[1]!, 'no picture');

const hashes = (of: string): string[] =>
  readdirSync(of)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(of, name)))
          .digest('hex')}`,
    );

describe('learn from pairs', () => {
  it('learns from what lies on each other, and says of each other scene why it does not', async () => {
    const scenes = [pair, two, burst, moved, darker, copies, sizes, broken];
    const asked = learnRequest({ pairs: scenes });
    const heard: LearningNews[] = [];
    const stop = new AbortController();
    await expect(
      runLearnUntil(stop.signal, asked, (news) => {
        heard.push(news);
        if (news.type === 'training' && news.news.type === 'checkpoint') stop.abort();
      }),
    ).rejects.toMatchObject({ code: 'engine/cancelled' });
    const round = join(asked.out, 'round-1');
    const before = [...hashes(join(round, 'pairs')), ...hashes(join(round, 'sources'))];

    const report = await runLearn({ ...asked, resume: true });
    // What it goes on with is what it began with, to the bit.
    expect([...hashes(join(round, 'pairs')), ...hashes(join(round, 'sources'))]).toEqual(before);
    expect(report).toMatchObject({ method: 'pairs', photos: 7 });
    expect(report.steps).toBeGreaterThan(0);
    expect(report.verdict.measures[0]!.name).toBe('error against other frames');
    expect(report.verdict.passed).toBe(existsSync(join(asked.out, 'learnt.onnx')));

    const measured = heard.find((news) => news.type === 'measured')!;
    expect(measured).toMatchObject({ photos: 7, windows: 3, heldOut: 1 });
    const reasons = new Map(measured.problems.map(({ path, message }) => [basename(path), message]));
    expect(Object.fromEntries(reasons)).toEqual({
      moved: '2.png is moved by 3.0 pixels (compared with 1.png)',
      darker: expect.stringMatching(/^2\.png is (19|20|21) % darker: the exposure differs/) as string,
      copies: 'the frames do not differ by noise: they are clean, or copies of one',
      sizes: '2.png is 260 x 300 pixels, and the first frame 280 x 300 (compared with 1.png)',
      broken: expect.stringMatching(/^2\.png: /) as string,
    });

    // The clean frame is a target alone; the brighter one came into the light of the other.
    const { groups } = JSON.parse(readFileSync(join(round, 'pairs.json'), 'utf8')) as {
      groups: { frames: string[]; clean: string | null }[];
    };
    expect(groups.map(({ frames, clean }) => [frames.length, clean !== null])).toEqual([
      [3, false],
      [1, true],
      [2, false],
    ]);
    await expect(runLearn({ ...asked, resume: true, pairs: scenes.slice(1) })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });

  it('refuses to learn where no scene is left, and two kinds of photos', async () => {
    await expect(runLearn(learnRequest({ pairs: [moved, darker] }))).rejects.toMatchObject({
      code: 'learn/misaligned',
      message: expect.stringMatching(
        /^none of the scenes can be learnt from: darker: 2\.png is .*; moved: 2\.png is moved by 3\.0 pixels/,
      ) as string,
    });
    await expect(runLearn(learnRequest({ pairs: [pair], photos: pair.frames }))).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });
});
