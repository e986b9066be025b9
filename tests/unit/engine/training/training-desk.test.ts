import { expect, it, vi } from 'vitest';
import { TrainingDesk } from '../../../../main/engine/training/training-desk.js';
import { DEFAULT_RUNTIME } from '../../../../preload/contract.js';
import { later } from '../../../support/fake-engine.js';
import { tempFolder } from '../../../support/temp-folder.js';

it('gives signs of life while a run has no news: a host takes silence for a hang', async () => {
  const model = later<string>();
  const asked = later();
  const models = {
    denoiserFile: () => {
      asked.resolve(undefined);
      return model.promise;
    },
    estimator: () => Promise.reject(new Error('not asked')),
  };
  const desk = new TrainingDesk(models, 20);
  const signs: string[] = [];
  const out = tempFolder();
  const request = {
    ...{
      photos: [],
      clean: [],
      pairs: [],
      recipe: 'refine' as const,
      model: 'fast',
      out,
      minutes: 1,
      rate: 1,
      resume: false,
      seed: 1,
    },
    runtime: DEFAULT_RUNTIME,
  };
  const report = (stage: string): void => void signs.push(stage);
  const ended = expect(desk.learn(new AbortController().signal, request, report, () => undefined)).rejects.toThrow();
  expect(desk.pause({ out, paused: true })).toBe(true);
  await vi.waitFor(() => {
    expect(signs.length).toBeGreaterThan(2);
  });
  expect(new Set(signs)).toEqual(new Set(['train']));
  await asked.promise;
  model.reject(new Error('enough'));
  await ended;
  const count = signs.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(signs).toHaveLength(count);
});
