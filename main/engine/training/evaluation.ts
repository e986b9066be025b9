import type { Scores } from '../../../preload/training/train-call.js';
import type { ObjectiveRecipe } from '../../../preload/training/recipe.js';
import { BATCH_INPUTS, SCORE_OUTPUT } from '../../core/training/objectives.js';
import type { RuntimeSession, RuntimeTensor } from '../runtime.js';
import type { HeldOutSet } from './held-out.js';

/** Measures a net on crops of photos that it never learns from. */

type Task = ObjectiveRecipe['task'];

export interface EvaluationShape {
  readonly batch: number;
  readonly crop: number;
}

/**
 * The mean over the crops of each set: PSNR in dB for denoisers, the mean error of sigma in 255ths for estimators.
 * @param weights the trained weights, as inputs of the score graph
 */
export async function evaluate(
  signal: AbortSignal,
  session: RuntimeSession,
  weights: Readonly<Record<string, RuntimeTensor>>,
  sets: readonly HeldOutSet[],
  task: Task,
  shape: EvaluationShape,
): Promise<Scores> {
  const scores: Record<string, number> = {};
  for (const { name, count, batch } of sets) {
    let sum = 0;
    for (let first = 0; first < count; first += shape.batch) {
      signal.throwIfAborted();
      const feeds = Object.fromEntries(
        session.inputNames.flatMap((input) => {
          if (input === BATCH_INPUTS.noisy) return [[input, part(batch.noisy, first, count, shape)]];
          if (input === BATCH_INPUTS.clean) return [[input, part(batch.clean, first, count, shape)]];
          if (input === BATCH_INPUTS.sigma) return [[input, part(batch.sigma, first, count, shape)]];
          return [[input, weights[input]!]];
        }),
      );
      const errors = (await session.run(feeds))[SCORE_OUTPUT]!.data as Float32Array;
      const taken = Math.min(shape.batch, count - first);
      for (let i = 0; i < taken; i++) sum += task === 'denoise' ? -10 * Math.log10(errors[i]!) : 255 * errors[i]!;
      // Calls of the host are heard between two runs.
      await new Promise(setImmediate);
    }
    scores[name] = sum / count;
  }
  return scores;
}

/** The crops from `first` on; a batch that they do not fill is filled with zeros. */
function part(all: Float32Array, first: number, count: number, { batch, crop }: EvaluationShape): RuntimeTensor {
  const samples = 3 * crop * crop;
  const data = new Float32Array(batch * samples);
  data.set(all.subarray(first * samples, Math.min(count, first + batch) * samples));
  return { type: 'float32', dims: [batch, 3, crop, crop], data };
}

/** One number for all sets: the higher the better. */
export function overall(scores: Scores, task: Task): number {
  const values = Object.values(scores);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return task === 'denoise' ? mean : -mean;
}
