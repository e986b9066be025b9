import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import { AppError } from '../../core/errors.js';
import { peakActivationBytes } from '../../core/onnx/activations.js';
import type { Graph } from '../../core/onnx/model.js';
import {
  denoiseObjective,
  denoiseScore,
  estimateObjective,
  estimateScore,
  LOSS_OUTPUT,
  type BatchShape,
} from '../../core/training/objectives.js';
import { accumulationGraph, stepGraph, weightsAsInputs, type StepOptions } from '../../core/training/step-graph.js';
import type { RuntimeSession, SessionOptions } from '../runtime.js';
import { openGraph } from '../sessions.js';
import type { NetToTrain } from './build-net.js';

/** The graphs of a run, and the sessions that run them. */

/** What the runtime takes beyond the activations that are alive: its arena's slack and the copies at its border. */
const RUNTIME_SLACK = 1.3;
/** The program itself, its photos and the batches made ahead. */
const BESIDE_BYTES = 512 * 2 ** 20;

export interface TrainingGraphs {
  readonly step: Graph;
  /** For recipes that add up the gradients of several batches. */
  readonly accumulation: Graph | null;
  /** Quality per crop; the trained weights are inputs. */
  readonly score: Graph;
  /** Bytes that a step needs. */
  readonly memory: number;
}

/** How the recipe's optimiser is written into a step graph. */
export function stepOptions({ optimizer }: TrainingRecipe, { trainable }: NetToTrain): StepOptions {
  const { betas, epsilon, weightDecay, clipNorm, emaDecay, accumulate } = optimizer;
  return { loss: LOSS_OUTPUT, trainable, adamW: { betas, epsilon, weightDecay }, clipNorm, emaDecay, accumulate };
}

/**
 * @param estimator what measures the noise of crops whose level a denoiser is not told
 * @param available bytes that may be used
 * @throws AppError 'engine/out-of-memory', saying which batch would fit; 'model/unsupported-op', 'model/shape'
 */
export function trainingGraphs(
  recipe: TrainingRecipe,
  net: NetToTrain,
  estimator: Graph | null,
  available: number,
): TrainingGraphs {
  const { batch, crop } = recipe.data;
  const options = stepOptions(recipe, net);
  const objective = (shape: BatchShape): Graph => {
    if (recipe.objective.task === 'estimate-noise') return estimateObjective(net.graph, recipe.objective.under, shape);
    return denoiseObjective(net.graph, estimator, recipe.objective.loss, shape);
  };
  const step = stepGraph(objective({ batch, crop }), options);
  const memory = memoryOf(step);
  if (memory > available) {
    const one = memoryOf(stepGraph(objective({ batch: 1, crop }), options));
    throw tooLarge(batch, crop, memory, one, available);
  }
  const score = recipe.objective.task === 'denoise' ? denoiseScore : estimateScore;
  return {
    step,
    accumulation: recipe.optimizer.accumulate > 1 ? accumulationGraph(objective({ batch, crop }), options) : null,
    score: weightsAsInputs(score(net.graph, { batch, crop }), net.trainable),
    memory,
  };
}

const memoryOf = (graph: Graph): number => peakActivationBytes(graph) * RUNTIME_SLACK + BESIDE_BYTES;

/** What a step needs grows in a line with its batch. */
function tooLarge(batch: number, crop: number, needed: number, forOne: number, available: number): AppError {
  const each = (needed - forOne) / Math.max(1, batch - 1);
  const fits = batch === 1 ? 0 : Math.min(batch - 1, Math.floor((available - forOne) / each) + 1);
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const advice =
    fits >= 1
      ? `a batch of ${fits} fits (data.batch in the recipe; optimizer.accumulate makes up for it)`
      : 'not even one crop fits: choose a smaller data.crop or a smaller net';
  return new AppError(
    'engine/out-of-memory',
    `a batch of ${batch} crops of ${crop} pixels needs ${gib(needed)} of memory and ${gib(available)} are free: ${advice}`,
  );
}

/** Opens sessions for the graphs. */
export class StepSessions {
  private constructor(
    readonly step: RuntimeSession,
    readonly accumulation: RuntimeSession | null,
    readonly score: RuntimeSession,
  ) {}

  static async open(graphs: TrainingGraphs, options: SessionOptions): Promise<StepSessions> {
    const open = (graph: Graph): Promise<RuntimeSession> => openGraph(graph, options);
    return new StepSessions(
      await open(graphs.step),
      graphs.accumulation === null ? null : await open(graphs.accumulation),
      await open(graphs.score),
    );
  }

  async release(): Promise<void> {
    for (const session of [this.step, this.accumulation, this.score]) await session?.release();
  }
}
