import { TrainingRecipe } from '../../../preload/training/recipe.js';
import { WINDOW_PX } from './windows.js';

/** How a denoiser is fine-tuned: measured in docs/learning.md. */

/** Learning rate, a factor of which a run may ask for. */
const RATE = 1e-4;
/** Name of the model's file in a round's folder. */
export const MODEL_NAME = 'learnt';
/** Side of a crop in pixels, and crops of a step. */
const CROP_PX = 96;
const BATCH = 8;
/** Steps that a run always may take. */
const LEAST_STEPS = { noise: 300, pairs: 100 } as const;
/** How often a run looks at each part, beyond that. */
const PASSES = { noise: 10, pairs: 4 } as const;
/** Share of the crops from the photos themselves; the others get the general mix, so that what was known is not lost. */
const OWN_SHARE = 0.85;
/** Shares of the general mix: what is left. */
const GENERAL_MIX = {
  gaussian: { share: 0.07, clipped: 0.6 },
  channels: { share: 0.01 },
  grain: { share: 0.02 },
  camera: { share: 0.05 },
} as const;
const NO_GENERAL_MIX = { gaussian: { share: 0 }, channels: { share: 0 }, grain: { share: 0 }, camera: { share: 0 } };

export interface RecipeOptions {
  /** Path of the model that it starts from. */
  readonly net: string;
  readonly rate: number;
  readonly seed: number;
}

/** What all have in common. The net is always given the estimator's level, as in use. */
function recipeOf({ net, rate, seed }: RecipeOptions, description: string, loss: object, data: object): TrainingRecipe {
  return TrainingRecipe.parse({
    name: MODEL_NAME,
    description,
    net: { kind: 'file', path: net },
    objective: { task: 'denoise', loss, told: 0 },
    data: { crop: CROP_PX, batch: BATCH, ...data },
    optimizer: { learningRate: RATE * rate, continueRate: RATE * rate, warmupSteps: 20, emaDecay: 0.99 },
    steps: 1000,
    evaluateEvery: 100,
    judgedBy: 'recipe',
    checkpointEvery: 100,
    seed,
  });
}

/**
 * Steps after which more of them were measured to bring nothing (noise), or to harm (pairs): few parts are soon known by
 * heart.
 * @param parts that are learnt from, of `WINDOW_PX` squared
 */
export function mostSteps(kind: 'noise' | 'pairs', parts: number): number {
  const pass = (parts * WINDOW_PX ** 2) / (BATCH * CROP_PX ** 2);
  return Math.max(LEAST_STEPS[kind], Math.ceil(PASSES[kind] * pass));
}

/**
 * The photos' own noise on pictures that are clean, or stand for such.
 * @param bank path of the noise
 * @param clean whether the photos to learn from are clean ones, of any size
 */
export function noiseRecipe({
  bank,
  clean,
  ...options
}: RecipeOptions & { readonly bank: string; readonly clean: boolean }): TrainingRecipe {
  const description = clean ? 'Noise of photos on clean photos.' : 'Noise of photos on the same photos, denoised.';
  const noise = { bank: { share: OWN_SHARE, file: bank, gain: [0.74, 1.35] }, ...GENERAL_MIX };
  return recipeOf(options, description, { kind: 'mse' }, { longestSide: clean ? 1024 : null, noise });
}

/**
 * Pictures of the same parts of scenes. The loss is the squared error: it alone is least at the mean of what a noisy target
 * may be, which is the clean picture.
 * @param pairs path of the list of pictures
 */
export function pairsRecipe({
  pairs,
  description,
  ...options
}: RecipeOptions & { readonly pairs: string; readonly description: string }): TrainingRecipe {
  const data = { longestSide: null, pairs: { share: OWN_SHARE, file: pairs }, noise: GENERAL_MIX };
  return recipeOf(options, description, { kind: 'mse' }, data);
}

/** Masked pixels of noisy pictures, and nothing else: what was known need not be kept by a teacher. */
export function maskedRecipe(options: RecipeOptions): TrainingRecipe {
  const data = { longestSide: null, noise: { masked: { share: 1 }, ...NO_GENERAL_MIX } };
  return recipeOf(options, 'Masked pixels of phases of noisy photos.', { kind: 'masked' }, data);
}
