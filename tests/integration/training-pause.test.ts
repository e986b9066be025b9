import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUNTIME } from '../../preload/contract.js';
import { TrainingRecipe } from '../../preload/training/recipe.js';
import type { TrainingNews } from '../../preload/training/train-call.js';
import { EngineSupervisor } from '../../main/app/engine-supervisor.js';
import { forkEngine } from '../../main/app/engine-transport.js';
import { SAMPLES, samplePath } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';

const ENGINE = new URL('../../dist/bundle/engine/main.js', import.meta.url);

it('stops between two steps while it is paused, goes on afterwards, and can be cancelled while it is paused', async () => {
  const folder = tempFolder();
  const photos = SAMPLES.map((name) => join(folder, `${name}.jpg`));
  for (const [index, name] of SAMPLES.entries()) copyFileSync(samplePath(name), photos[index]!);
  const out = join(folder, 'run');
  mkdirSync(out);
  const engine = new EngineSupervisor(forkEngine(ENGINE));
  onTestFinished(() => engine.shutdown());

  const recipe = TrainingRecipe.parse({
    name: 'tiny',
    net: { kind: 'unet', widths: [8, 8], depths: [0, 1] },
    objective: { task: 'denoise', told: 1 },
    data: { crop: 32, batch: 2, longestSide: 256, heldOut: { share: 0 } },
    optimizer: { learningRate: 0.01, continueRate: 0.001 },
    steps: 1_000_000,
    checkpointEvery: 1,
  });
  const length = { by: 'steps', steps: recipe.steps } as const;
  const request = { recipe, photos, out, init: null, length, resume: false, runtime: DEFAULT_RUNTIME };
  const steps: number[] = [];
  const hear = (news: TrainingNews): void => {
    if (news.type === 'checkpoint') steps.push(news.step);
  };
  const stop = new AbortController();
  const forever = new AbortController().signal;
  const run = engine.call(stop.signal, 'train', request, undefined, hear);
  const ended = expect(run).rejects.toMatchObject({ code: 'engine/cancelled' });
  const pause = (paused: boolean): Promise<{ found: boolean }> =>
    engine.call(forever, 'pauseTraining', { out, paused });

  await expect.poll(() => steps.length).toBeGreaterThan(5);
  expect(await pause(true)).toEqual({ found: true });
  // The step in hand is finished; after it there is none for as long as twenty would take.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = steps.at(-1)!;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(steps.at(-1)).toBe(paused);

  await pause(false);
  await expect.poll(() => steps.at(-1)).toBeGreaterThan(paused + 3);
  await expect(engine.call(forever, 'train', request)).rejects.toMatchObject({ code: 'output/locked' });

  await pause(true);
  stop.abort();
  await ended;
  expect(await pause(true)).toEqual({ found: false });
  expect(steps.at(-1)).toBeGreaterThan(paused);
});
