import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { Scores } from '../../../preload/training/train-call.js';
import type { Graph } from '../../core/onnx/model.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import {
  BATCH_INPUTS,
  denoiseObjective,
  denoiseScore,
  estimateObjective,
  estimateScore,
  LOSS_OUTPUT,
  type BatchShape,
} from '../../core/training/objectives.js';
import {
  accumulationGraph,
  GRADIENT_NORM,
  stepGraph,
  weightsAsInputs,
  type StepOptions,
} from '../../core/training/step-graph.js';
import type { RuntimeSession, RuntimeTensor, SessionOptions } from '../runtime.js';
import { openGraph } from '../sessions.js';
import type { NetToTrain } from './build-net.js';
import { evaluate, overall } from './evaluation.js';
import { heldOutSamples, RECIPE_SET, type HeldOutSet } from './held-out.js';
import type { TrainingBatch } from './loader.js';
import { fittingGraphs } from './memory-needed.js';
import { optimizerInputs, Player, scalarOf } from './player.js';
import type { Evaluation, ModelFile, OpenTask, StepContext, StepOutcome, TrainingTask } from './task.js';
import type { TrainingState } from './training-state.js';

/** Denoisers and estimators of noise: one net, and a batch of noisy crops with what is known of them. */

/** Crops that evaluations take of the held-out photos. */
const EVALUATION_CROPS = 32;
/** Makes the choice of crops whose noise level is told independent of all else that is drawn for them. */
const TOLD_SALT = 0x746f6c64;

/** How a recipe's optimiser is written into a step graph. */
export function stepOptions({ optimizer }: TrainingRecipe, trainable: readonly string[]): StepOptions {
  const { betas, epsilon, weightDecay, clipNorm, emaDecay, accumulate } = optimizer;
  return { loss: LOSS_OUTPUT, trainable, adamW: { betas, epsilon, weightDecay }, clipNorm, emaDecay, accumulate };
}

interface Graphs extends Readonly<Record<string, Graph | null>> {
  readonly step: Graph;
  /** For recipes that add up the gradients of several batches. */
  readonly accumulation: Graph | null;
}

/**
 * @param estimator what measures the noise of crops whose level a denoiser is not told
 * @param available bytes that may be used
 * @throws AppError 'engine/out-of-memory', saying which batch would fit; 'model/unsupported-op', 'model/shape'
 */
export function denoiseTask(
  recipe: TrainingRecipe,
  net: NetToTrain,
  estimator: Graph | null,
  available: number,
): TrainingTask {
  const options = stepOptions(recipe, net.trainable);
  const graphsOf = (shape: BatchShape): Graphs => {
    const objective = objectiveOf(recipe, net.graph, estimator, shape);
    const accumulates = recipe.optimizer.accumulate > 1;
    return {
      step: stepGraph(objective, options),
      accumulation: accumulates ? accumulationGraph(objective, options) : null,
    };
  };
  const { graphs, memory } = fittingGraphs(graphsOf, recipe.data, available);
  return {
    weights: net,
    parent: net.parent,
    leastPhotos: 1,
    memory,
    open: (signal, heldOut, session) =>
      OpenDenoiseTask.open(signal, { recipe, net, graphs, estimator }, heldOut, session),
  };
}

function objectiveOf({ objective }: TrainingRecipe, net: Graph, estimator: Graph | null, shape: BatchShape): Graph {
  if (objective.task === 'estimate-noise') return estimateObjective(net, objective.under, shape);
  if (objective.task === 'denoise') return denoiseObjective(net, estimator, objective.loss, shape);
  throw new TypeError('an autoencoder is no denoiser');
}

interface DenoiseTaskParts {
  readonly recipe: TrainingRecipe;
  readonly net: NetToTrain;
  readonly graphs: Graphs;
  readonly estimator: Graph | null;
}

class OpenDenoiseTask implements OpenTask {
  private constructor(
    private readonly recipe: TrainingRecipe,
    private readonly net: NetToTrain,
    private readonly player: Player,
    private readonly accumulator: Player | null,
    private readonly score: RuntimeSession,
    private readonly sets: readonly HeldOutSet[],
  ) {}

  static async open(
    signal: AbortSignal,
    { recipe, net, graphs, estimator }: DenoiseTaskParts,
    photos: readonly string[],
    session: SessionOptions,
  ): Promise<OpenDenoiseTask> {
    const { data, seed, objective } = recipe;
    const count = EVALUATION_CROPS;
    const sets = photos.length === 0 ? [] : (await heldOutSamples({ photos, recipe: data, seed, count, signal })).sets;
    // A net that is never told the level is judged as it learns.
    const judge = objective.task === 'denoise' && objective.told === 0 ? estimator : null;
    const score =
      objective.task === 'denoise'
        ? denoiseScore(net.graph, data, judge, objective.loss.kind === 'masked')
        : estimateScore(net.graph, data);
    return new OpenDenoiseTask(
      recipe,
      net,
      await Player.open(graphs.step, session),
      graphs.accumulation === null ? null : await Player.open(graphs.accumulation, session),
      await openGraph(weightsAsInputs(score, net.trainable), session),
      sets,
    );
  }

  async step({ step, state, peak, rate, nextBatch }: StepContext): Promise<StepOutcome> {
    const { optimizer } = this.recipe;
    let loss = 0;
    for (let part = 1; part < optimizer.accumulate; part++) {
      loss += state.accumulate(await this.accumulator!.run(this.inputsOf(await nextBatch()), state));
    }
    const inputs = this.inputsOf(await nextBatch());
    const last = await this.player.run({ ...inputs, ...optimizerInputs(optimizer, step, rate(peak)) }, state);
    return {
      loss: (loss + scalarOf(last, LOSS_OUTPUT)) / optimizer.accumulate,
      gradientNorm: scalarOf(last, GRADIENT_NORM),
      parts: {},
      trained: [last],
      kept: {},
    };
  }

  async evaluate(signal: AbortSignal, state: TrainingState): Promise<Evaluation> {
    const { data, objective } = this.recipe;
    const scores = await evaluate(signal, this.score, state.means(), this.sets, objective.task, data);
    return { scores, sheet: null };
  }

  isBetter(scores: Scores, best: Scores): boolean {
    const { objective, judgedBy } = this.recipe;
    const counted = (all: Scores): number =>
      overall(judgedBy === 'all' ? all : { [RECIPE_SET]: all[RECIPE_SET]! }, objective.task);
    // With nothing held out, the last is as good as any.
    return this.sets.length === 0 || counted(scores) > counted(best);
  }

  models(state: TrainingState): readonly ModelFile[] {
    const kind = this.recipe.objective.task === 'denoise' ? 'denoiser' : 'estimator';
    return [{ suffix: '', kind, graph: state.trained(this.net.graph) }];
  }

  async release(): Promise<void> {
    for (const session of [this.player, this.accumulator, this.score]) await session?.release();
  }

  private inputsOf({ step, noisy, clean, sigma }: TrainingBatch): Record<string, RuntimeTensor> {
    const { data, objective, seed } = this.recipe;
    const dims = [data.batch, 3, data.crop, data.crop];
    const share = objective.task === 'denoise' ? objective.told : 1;
    const told = Float32Array.from({ length: data.batch }, (_, index) =>
      Number(sampleRandom(seed ^ TOLD_SALT, step, index).uniform() < share),
    );
    return {
      [BATCH_INPUTS.noisy]: { type: 'float32', dims, data: noisy },
      [BATCH_INPUTS.clean]: { type: 'float32', dims, data: clean },
      [BATCH_INPUTS.sigma]: { type: 'float32', dims, data: sigma },
      [BATCH_INPUTS.told]: { type: 'float32', dims: [data.batch, 1, 1, 1], data: told },
    };
  }
}
