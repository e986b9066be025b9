import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LearningNews } from '../../preload/learn/learn-call.js';
import { writeFrame } from '../support/frames.js';
import { learnRequest, runLearn, runLearnUntil } from '../support/learning.js';
import { sharedFolder } from '../support/temp-folder.js';

const folder = sharedFolder();
const photos = await Promise.all(
  (['chelsea', 'coffee', 'astronaut'] as const).map((sample) =>
    writeFrame(join(folder, `${sample}.png`), { sample, width: 300, height: 280, sigma: 15, seed: sample.length }),
  ),
);

it('teaches by masked pixels of phases, then has what the teacher makes of the photos learnt, and goes on where it stopped', async () => {
  const asked = learnRequest({ photos, recipe: 'blind-spot' });
  const heard: LearningNews[] = [];
  const stop = new AbortController();
  await expect(
    runLearnUntil(stop.signal, asked, (news) => {
      heard.push(news);
      if (news.type === 'training' && news.round === 2 && news.news.type === 'checkpoint') stop.abort();
    }),
  ).rejects.toMatchObject({ code: 'engine/cancelled' });
  expect(heard.flatMap((news) => (news.type === 'measured' ? [news.round] : []))).toEqual([1, 2]);
  const teacher = readFileSync(join(asked.out, 'round-1/learnt.onnx'));
  const lesson = readFileSync(join(asked.out, 'round-2/pairs/0000-taught.png'));

  const report = await runLearn({ ...asked, resume: true });
  expect(readFileSync(join(asked.out, 'round-1/learnt.onnx')).equals(teacher)).toBe(true);
  expect(readFileSync(join(asked.out, 'round-2/pairs/0000-taught.png')).equals(lesson)).toBe(true);
  expect(report).toMatchObject({ method: 'blind-spot', photos: 3 });
  expect(report.verdict.passed).toBe(existsSync(join(asked.out, 'learnt.onnx')));
  // Four phases of each of the two windows that are not held out.
  expect(readdirSync(join(asked.out, 'round-1/phases'))).toHaveLength(8);
  // The teacher guesses masked pixels better than the model that it came from: the loss is of those alone.
  const scores = readFileSync(join(asked.out, 'round-1/metrics.jsonl'), 'utf8')
    .split('\n')
    .flatMap((line) =>
      line.includes('scores') ? [(JSON.parse(line) as { scores: { recipe: number } }).scores.recipe] : [],
    );
  expect(scores.at(-1)).toBeGreaterThan(scores[0]!);

  await expect(runLearn(learnRequest({ photos, clean: photos, recipe: 'blind-spot' }))).rejects.toMatchObject({
    code: 'usage/invalid',
  });
});
