import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { train as Train, TrainingTools } from '../../main/engine/training/trainer.js';
import { TrainingRecipe } from '../../preload/training/recipe.js';
import type { TrainingNews, TrainRequest } from '../../preload/training/train-call.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { runTraining, stepsOf } from '../support/training-runs.js';
import { writeTrainingPhotos } from '../support/training-photos.js';

// Compiled: the thread that makes batches cannot be started from TypeScript.
const BUILT = new URL('../../dist/main/engine/training/trainer.js', import.meta.url).href;
const { train } = (await import(BUILT)) as { train: typeof Train };

const photos = await writeTrainingPhotos(sharedFolder());
const recipe = TrainingRecipe.parse({
  name: 'tiny',
  net: { kind: 'unet', widths: [4, 4], depths: [0, 1] },
  objective: { task: 'denoise', told: 1 },
  data: { crop: 32, batch: 2, heldOut: { share: 0.25, most: 1 } },
  optimizer: { learningRate: 0.01, continueRate: 0.001 },
  steps: 6,
  evaluateEvery: 3,
});

/** Carries a run of 6 steps out; aborts it when `stopAt` says so of a piece of news. */
async function run(out: string, resume: boolean, stopAt: (news: TrainingNews) => boolean): Promise<void> {
  const stop = new AbortController();
  const request: TrainRequest = {
    recipe,
    photos: [...photos],
    out,
    init: null,
    length: { by: 'steps', steps: 6 },
    resume,
    runtime: { provider: 'cpu', threads: 1, tile: null, precision: 'float' },
  };
  const tools: TrainingTools = {
    estimator: () => Promise.reject(new Error('nothing is measured')),
    session: { provider: 'cpu', threads: 1 },
    available: Infinity,
    unpaused: () => Promise.resolve(),
    onNews: (news) => {
      if (stopAt(news)) stop.abort();
    },
  };
  await train(stop.signal, request, tools).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'engine/cancelled' });
  });
  expect(stop.signal.aborted).toBe(!resume && out.endsWith('stopped'));
}

it.each([
  ['in its first evaluation', (news: TrainingNews) => news.type === 'checkpoint' && news.step === 0],
  // The last step is always told of: then the run is stopped before it has been evaluated.
  ['in its last evaluation', (news: TrainingNews) => news.type === 'step' && news.step === 6],
])('goes on to the numbers of an unbroken run when it was stopped %s', async (_, stopAt) => {
  const folder = tempFolder();
  const [whole, stopped] = ['whole', 'stopped'].map((name) => join(folder, name)) as [string, string];
  for (const out of [whole, stopped]) mkdirSync(out);
  await run(whole, false, () => false);
  await run(stopped, false, stopAt);
  const metrics = (out: string): string => readFileSync(join(out, 'metrics.jsonl'), 'utf8');
  await run(stopped, true, () => false);
  expect(metrics(stopped)).toBe(metrics(whole));
  expect(metrics(whole).match(/scores/g)).toHaveLength(3);
  const model = (out: string): Buffer => readFileSync(join(out, 'tiny.onnx'));
  expect(model(stopped).equals(model(whole))).toBe(true);
});

it('ends by the clock after the steps that it may take at most, its rate come down', async () => {
  const out = join(tempFolder(), 'run');
  mkdirSync(out);
  const length = { by: 'minutes', minutes: 60, mostSteps: 4 } as const;
  const report = await runTraining(recipe, photos, out, { length });
  expect(report.steps).toBe(4);
  const rates = stepsOf(out).map(({ learningRate }) => learningRate!);
  expect(rates).toHaveLength(4);
  expect(rates.at(-1)!).toBeLessThan(Math.max(...rates) / 10);
});

it('tells of every step, however often there is an evaluation between', async () => {
  const out = join(tempFolder(), 'run');
  mkdirSync(out);
  const told: { steps: number; loss: number }[] = [];
  let before = 0;
  const often = { ...recipe, evaluateEvery: 1 };
  await runTraining(often, photos, out, {
    stopAt: (news) => {
      if (news.type === 'step') {
        told.push({ steps: news.step - before, loss: news.loss });
        before = news.step;
      }
      return false;
    },
  });
  // Each news has the mean loss of the steps since the one before.
  const sum = stepsOf(out).reduce((total, { loss }) => total + loss!, 0);
  expect(before).toBe(6);
  expect(told.reduce((total, { steps, loss }) => total + steps * loss, 0)).toBeCloseTo(sum, 6);
});
