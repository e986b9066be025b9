import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TrainingRecipe } from '../../../../preload/training/recipe.js';

const VAE = {
  name: 'vae',
  net: { kind: 'vae' },
  objective: { task: 'autoencode' },
  data: { crop: 128 },
  optimizer: { learningRate: 1e-3, continueRate: 1e-4 },
  steps: 1,
};

const issuesOf = (recipe: unknown): string[] =>
  (TrainingRecipe.safeParse(recipe).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

it.each([
  [{ data: { crop: 96 } }, /^data\.crop: is 96, and the net is for images of 128 pixels/],
  [{ objective: { task: 'denoise' } }, /^objective\.task: autoencode is what nets of the kind vae/],
  [{ net: { kind: 'estimator', width: 8, depth: 1 } }, /^objective\.task: autoencode/],
  [{ net: { kind: 'vae', side: 112 }, data: { crop: 112 } }, /^net: each level halves the side/],
  [{ net: { kind: 'vae', widths: [8, 8] } }, /^net: widths and depths have one entry for each level/],
  [
    { objective: { task: 'autoencode', adversary: {} }, optimizer: { ...VAE.optimizer, accumulate: 2 } },
    /^optimizer\.accumulate: is 1 with an adversary/,
  ],
  [
    { objective: { task: 'autoencode', adversary: { balance: { most: 0.5, least: 0.6 } } } },
    /^objective\.adversary\.balance: least is below most/,
  ],
  [
    { net: { kind: 'vae', side: 32 }, data: { crop: 32 }, objective: { task: 'autoencode', adversary: {} } },
    /^objective\.adversary\.widths: has too many levels for images of 32 pixels/,
  ],
])('refuses what does not fit together: %j', (changed, message) => {
  expect(issuesOf({ ...VAE, ...changed })).toEqual([expect.stringMatching(message)]);
});

it.each([
  [{ objective: { task: 'denoise', told: 0.5 }, data: { pairs: { share: 1, file: '/p' } } }, /^objective\.told: is 0/],
  [{ data: { pairs: { share: 0.5 } } }, /^data\.pairs\.file: names no file of scenes/],
  [{ data: { noise: { masked: { share: 1 } } } }, /^objective\.loss: is masked where pixels are masked/],
])('refuses a denoiser that learns from what it cannot: %j', (changed, message) => {
  const denoiser = { ...VAE, net: { kind: 'file', path: 'net.onnx' }, objective: { task: 'denoise', told: 0 } };
  expect(issuesOf({ ...denoiser, ...changed })).toEqual([expect.stringMatching(message)]);
});

it.each([64, 96, 128, 160])('takes sides of %i pixels', (side) => {
  expect(issuesOf({ ...VAE, net: { kind: 'vae', side }, data: { crop: side } })).toEqual([]);
});

it.each(['vae', 'vae-gan'])('has a recipe for %s that ships', (name) => {
  const file = new URL(`../../../../models/recipes/${name}.json`, import.meta.url);
  const recipe = TrainingRecipe.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(recipe.name).toBe(name);
  expect(recipe.objective).toMatchObject({ task: 'autoencode' });
});
