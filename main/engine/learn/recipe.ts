import { TrainingRecipe } from '../../../preload/training/recipe.js';

/** How a denoiser is fine-tuned: measured in docs/learning.md. */

/** Rounds of measuring and training where there are noisy photos alone. */
export const ROUNDS = 2;
/** Learning rate, a factor of which a run may ask for. */
const RATE = 1.5e-4;
/** Name of the model's file in a round's folder. */
export const MODEL_NAME = 'learnt';

export interface LearningRecipeOptions {
  /** Path of the model that it starts from. */
  readonly net: string;
  /** Path of the noise. */
  readonly bank: string;
  readonly rate: number;
  readonly seed: number;
  /** Whether the photos to learn from are clean ones. */
  readonly clean: boolean;
}

/**
 * The photos' own noise most of the time, and the general mix for the rest, so that what the model knew is not lost. The
 * net is always given the estimator's level, as in use.
 */
export function learningRecipe({ net, bank, rate, seed, clean }: LearningRecipeOptions): TrainingRecipe {
  return TrainingRecipe.parse({
    name: MODEL_NAME,
    description: clean ? 'Noise of photos on clean photos.' : 'Noise of photos on the same photos, denoised.',
    net: { kind: 'file', path: net },
    objective: { task: 'denoise', loss: { kind: 'mse' }, told: 0 },
    data: {
      crop: 96,
      batch: 8,
      longestSide: clean ? 1024 : null,
      noise: {
        bank: { share: 0.85, file: bank, gain: [0.74, 1.35] },
        gaussian: { share: 0.07, clipped: 0.6 },
        channels: { share: 0.01 },
        grain: { share: 0.02 },
        camera: { share: 0.05 },
      },
    },
    optimizer: { learningRate: RATE * rate, continueRate: RATE * rate, warmupSteps: 20, emaDecay: 0.99 },
    steps: 1000,
    evaluateEvery: 100,
    judgedBy: 'recipe',
    checkpointEvery: 100,
    seed,
  });
}
