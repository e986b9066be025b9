import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainedVae } from '../../main/app/vae-library.js';
import { createRandom } from '../../main/core/image/random.js';
import { encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf, type Graph } from '../../main/core/onnx/model.js';
import { vaeDecoder, vaeEncoder } from '../../main/core/training/vae-nets.js';
import type { NewVaeCard } from '../../preload/models/vae-card.js';
import { TrainingRecipe } from '../../preload/training/recipe.js';
import { ROOT } from '../../scripts/support/cli.js';

/** Recipes of VAEs so small that a step takes milliseconds, under the names of those that ship. */

const KL = { weight: 1e-4, warmupShare: 0.3, freeBits: 0 };

const tiny = (name: string, adversary: object | null): object => ({
  name,
  net: { kind: 'vae', side: 32, latent: 6, widths: [8, 16, 16], depths: [0, 0, 1], tail: 6 },
  objective: { task: 'autoencode', kl: KL, adversary },
  data: { crop: 32, batch: 4, parts: [0, 1], transpose: false, heldOut: { share: 0.25, most: 2 } },
  optimizer: { learningRate: 0.004, continueRate: 0.002, warmupSteps: 5 },
  steps: 80,
  evaluateEvery: 40,
  checkpointEvery: 10,
});

const ADVERSARY = { widths: [8, 8], learningRate: 0.01, balance: { most: 1, least: 0 } };

/** Writes both recipes into a folder that is made. */
export function writeTinyRecipes(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'vae.json'), JSON.stringify(tiny('vae', null)));
  writeFileSync(join(folder, 'vae-gan.json'), JSON.stringify(tiny('vae-gan', ADVERSARY)));
}

/** Makes a folder of models: those that ship, with the recipes of tiny VAEs in place of theirs. */
export function modelsWithTinyRecipes(folder: string): string {
  const shipped = join(ROOT, 'models');
  for (const name of readdirSync(shipped)) {
    if (name !== 'recipes') symlinkSync(join(shipped, name), join(folder, name));
  }
  writeTinyRecipes(join(folder, 'recipes'));
  return folder;
}

/** The files of a VAE with random weights in a folder: others for another seed. */
export function writeTinyVae(folder: string, seed: number): TrainedVae {
  const recipe = tinyRecipe();
  if (recipe.net.kind !== 'vae') throw new TypeError('the recipe is of no VAE');
  const random = createRandom(seed);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, graph: Graph): string => {
    const file = join(folder, `${name}.onnx`);
    writeFileSync(file, encodeModel(modelOf(graph)));
    return file;
  };
  const sheet = join(folder, 'samples.png');
  writeFileSync(sheet, `sheet ${seed}`);
  return {
    encoder: write('vae-encoder', vaeEncoder(recipe.net, random, 'vae-encoder')),
    decoder: write('vae-decoder', vaeDecoder(recipe.net, random, 'vae-decoder')),
    sheet,
  };
}

export const tinyRecipe = (): TrainingRecipe => TrainingRecipe.parse(tiny('vae', null));

/** A card as a run would write it. */
export const newVaeCard = (name: string, changes: Partial<NewVaeCard> = {}): NewVaeCard => ({
  name,
  created: '2026-11-26T10:00:00.000Z',
  method: 'vae',
  parent: null,
  recipe: tinyRecipe(),
  ...{ photos: 7, heldOut: 2, steps: 80, seconds: 4 },
  scores: { before: { psnr: 8 }, after: { psnr: 14 } },
  curves: [],
  ...changes,
});
