import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { Parts, Scores } from '../../../preload/training/train-call.js';
import type { Graph } from '../../core/onnx/model.js';
import { BATCH_INPUTS, LOSS_OUTPUT, type BatchShape } from '../../core/training/objectives.js';
import {
  accumulationGraph,
  BALANCE_OUTPUT,
  GRADIENT_NORM,
  stepGraph,
  weightsAsInputs,
} from '../../core/training/step-graph.js';
import { LAST_WEIGHT } from '../../core/training/vae-nets.js';
import {
  discriminatorObjective,
  vaeObjective,
  VAE_INPUTS,
  VAE_OUTPUTS,
  vaeScore,
} from '../../core/training/vae-objectives.js';
import type { RuntimeTensor, SessionOptions } from '../runtime.js';
import { AutoencoderEvaluation, drawCodes } from './autoencoder-evaluation.js';
import { DECODER_SUFFIX, ENCODER_SUFFIX, type AutoencoderToTrain } from './build-autoencoder.js';
import { stepOptions } from './denoise-task.js';
import type { TrainingBatch } from './loader.js';
import { fittingGraphs } from './memory-needed.js';
import { optimizerInputs, Player, scalarInput, scalarOf } from './player.js';
import type { Evaluation, ModelFile, OpenTask, StepContext, StepOutcome, StepOutputs, TrainingTask } from './task.js';
import type { TrainingState } from './training-state.js';

/**
 * Autoencoders: a VAE, or a VAE-GAN, whose two players take turns in each step. First the generator, then the
 * discriminator, which is shown the very images that the generator has just made.
 */

/** Fewer photos are learnt by heart. */
const LEAST_PHOTOS = 8;
/** What the running mean of the discriminator's accuracy keeps of itself in a step: it follows in some twenty. */
const ACCURACY_DECAY = 0.95;
/** Where that mean starts: a discriminator that knows nothing is right about half. */
const CHANCE = 0.5;
/** Makes what codes are drawn with independent of all else that is drawn for a sample. */
const EPSILON_SALT = 0x65707369;

export interface AutoencoderGraphs extends Readonly<Record<string, Graph | null>> {
  /** The generator by itself, for as long as it does not listen to a discriminator. */
  readonly alone: Graph;
  /** For recipes that add up the gradients of several batches: they have no adversary. */
  readonly accumulation: Graph | null;
  readonly heard: Graph | null;
  readonly discriminator: Graph | null;
}

/** @throws AppError 'engine/out-of-memory', saying which batch would fit; 'model/shape' */
export function autoencoderTask(recipe: TrainingRecipe, built: AutoencoderToTrain, available: number): TrainingTask {
  const { graphs, memory } = fittingGraphs((shape) => autoencoderGraphs(recipe, built, shape), recipe.data, available);
  return {
    weights: built.weights,
    parent: built.parent,
    leastPhotos: LEAST_PHOTOS,
    memory,
    open: (signal, heldOut, session) => OpenAutoencoderTask.open(signal, recipe, built, graphs, heldOut, session),
  };
}

/** The step graphs of the players. */
export function autoencoderGraphs(
  recipe: TrainingRecipe,
  { nets, generator, adversary }: AutoencoderToTrain,
  shape: BatchShape,
): AutoencoderGraphs {
  const { kl, reconstruction, adversary: second } = objectiveOf(recipe);
  const terms = { loss: reconstruction, freeBits: kl.freeBits, features: second?.features ?? 0 };
  const options = stepOptions(recipe, generator);
  const plain = vaeObjective({ ...nets, discriminator: null }, terms, shape);
  const alone = stepGraph(plain, options);
  if (nets.discriminator === null) {
    const accumulation = recipe.optimizer.accumulate > 1 ? accumulationGraph(plain, options) : null;
    return { alone, accumulation, heard: null, discriminator: null };
  }
  return {
    alone,
    accumulation: null,
    heard: stepGraph(vaeObjective(nets, terms, shape), {
      ...options,
      shared: adversary,
      balanced: {
        term: VAE_OUTPUTS.judged,
        against: VAE_OUTPUTS.reconstruction,
        at: VAE_OUTPUTS.made,
        by: LAST_WEIGHT,
        share: VAE_INPUTS.adversarialShare,
      },
    }),
    discriminator: stepGraph(discriminatorObjective(nets.discriminator, shape), stepOptions(recipe, adversary)),
  };
}

function objectiveOf({ objective }: TrainingRecipe) {
  if (objective.task !== 'autoencode') throw new TypeError('the recipe is of no autoencoder');
  return objective;
}

interface Sessions {
  readonly alone: Player;
  readonly accumulation: Player | null;
  readonly heard: Player | null;
  readonly discriminator: Player | null;
  readonly evaluation: AutoencoderEvaluation;
}

class OpenAutoencoderTask implements OpenTask {
  private constructor(
    private readonly recipe: TrainingRecipe,
    private readonly built: AutoencoderToTrain,
    private readonly sessions: Sessions,
    private readonly latent: number,
  ) {}

  static async open(
    signal: AbortSignal,
    recipe: TrainingRecipe,
    built: AutoencoderToTrain,
    graphs: AutoencoderGraphs,
    heldOut: readonly string[],
    session: SessionOptions,
  ): Promise<OpenAutoencoderTask> {
    const score = weightsAsInputs(
      vaeScore(built.nets, objectiveOf(recipe).reconstruction, recipe.data),
      built.generator,
    );
    const open = async (graph: Graph | null) => (graph === null ? null : Player.open(graph, session));
    const sessions = {
      evaluation: await AutoencoderEvaluation.open(signal, recipe, score, heldOut, session),
      alone: await Player.open(graphs.alone, session),
      accumulation: await open(graphs.accumulation),
      heard: await open(graphs.heard),
      discriminator: await open(graphs.discriminator),
    };
    const latent = recipe.net.kind === 'vae' ? recipe.net.latent : 0;
    return new OpenAutoencoderTask(recipe, built, sessions, latent);
  }

  async step(context: StepContext): Promise<StepOutcome> {
    const { optimizer } = this.recipe;
    const { fraction, kept, peak, rate, state, step } = context;
    const { adversary, kl } = objectiveOf(this.recipe);
    const warmup = kl.warmupShare === 0 ? 1 : Math.min(1, fraction / kl.warmupShare);
    const begun = adversary !== null && fraction >= adversary.startShare;
    const isHeard = begun && (kept['accuracy'] ?? CHANCE) >= adversary.balance.least;
    const generator = isHeard ? this.sessions.heard! : this.sessions.alone;
    const scalars = {
      [VAE_INPUTS.klWeight]: scalarInput(kl.weight * warmup),
      [VAE_INPUTS.adversarialShare]: scalarInput(adversary?.weight ?? 0),
      ...optimizerInputs(optimizer, step, rate(peak)),
    };
    let sum = 0;
    for (let part = 1; part < optimizer.accumulate; part++) {
      const before = this.inputsOf(await context.nextBatch());
      sum += state.accumulate(await this.sessions.accumulation!.run({ ...before, ...scalars }, state));
    }
    const batch = this.inputsOf(await context.nextBatch());
    const made = await generator.run({ ...batch, ...scalars }, state);
    sum += scalarOf(made, LOSS_OUTPUT);
    const parts: Record<string, number> = {
      reconstruction: scalarOf(made, VAE_OUTPUTS.reconstruction),
      kl: scalarOf(made, VAE_OUTPUTS.kl),
      active: scalarOf(made, VAE_OUTPUTS.active),
      latents: this.latent,
      warmup,
      ...(adversary !== null && !begun && { begins: adversary.startShare }),
      ...(isHeard && {
        adversarial: scalarOf(made, VAE_OUTPUTS.adversarial),
        adversarialWeight: scalarOf(made, BALANCE_OUTPUT),
        ...(adversary.features > 0 && { features: scalarOf(made, VAE_OUTPUTS.features) }),
      }),
    };
    const outcome = { loss: sum / optimizer.accumulate, gradientNorm: scalarOf(made, GRADIENT_NORM) };
    if (!begun) return { ...outcome, parts, trained: [made], kept };
    const answer = await this.discriminate(context, batch, made);
    return {
      ...outcome,
      parts: { ...parts, ...answer.parts },
      trained: [made, ...answer.trained],
      kept: answer.kept,
    };
  }

  evaluate(signal: AbortSignal, state: TrainingState): Promise<Evaluation> {
    return this.sessions.evaluation.evaluate(signal, state);
  }

  /**
   * A VAE by its objective on what is held out. Of a VAE-GAN the last counts: sharper pictures have larger errors, and by
   * any measure of those the best is the one that it started from.
   */
  isBetter(scores: Scores, best: Scores): boolean {
    if (this.sessions.evaluation.isEmpty || objectiveOf(this.recipe).adversary !== null) return true;
    return scores['objective']! < best['objective']!;
  }

  models(state: TrainingState): readonly ModelFile[] {
    const { encoder, decoder } = this.built.nets;
    return [
      { suffix: ENCODER_SUFFIX, kind: 'vae-encoder', graph: state.trained(encoder) },
      { suffix: DECODER_SUFFIX, kind: 'vae-decoder', graph: state.trained(decoder) },
    ];
  }

  async release(): Promise<void> {
    for (const session of Object.values(this.sessions) as Sessions[keyof Sessions][]) await session?.release();
  }

  /** The discriminator's turn. While it is right too often it is only asked, and does not learn. */
  private async discriminate(
    { kept, rate, state }: StepContext,
    batch: Readonly<Record<string, RuntimeTensor>>,
    made: StepOutputs,
  ): Promise<Pick<StepOutcome, 'parts' | 'trained' | 'kept'>> {
    const { balance, learningRate } = objectiveOf(this.recipe).adversary!;
    const updates = kept['updates'] ?? 0;
    const outputs = await this.sessions.discriminator!.run(
      {
        ...batch,
        [VAE_INPUTS.made]: made[VAE_OUTPUTS.made]!,
        ...optimizerInputs(this.recipe.optimizer, updates + 1, rate(learningRate)),
      },
      state,
    );
    const now = scalarOf(outputs, VAE_OUTPUTS.accuracy);
    const accuracy = ACCURACY_DECAY * (kept['accuracy'] ?? CHANCE) + (1 - ACCURACY_DECAY) * now;
    const learns = accuracy <= balance.most;
    const parts: Parts = {
      discriminator: scalarOf(outputs, LOSS_OUTPUT),
      discriminatorNorm: scalarOf(outputs, GRADIENT_NORM),
      accuracy,
    };
    return {
      parts,
      trained: learns ? [outputs] : [],
      kept: { ...kept, accuracy, updates: updates + Number(learns) },
    };
  }

  private inputsOf({ step, noisy, clean }: TrainingBatch): Record<string, RuntimeTensor> {
    const { data, seed } = this.recipe;
    const dims = [data.batch, 3, data.crop, data.crop];
    const epsilon = drawCodes(seed ^ EPSILON_SALT, step, data.batch, this.latent);
    return {
      [BATCH_INPUTS.noisy]: { type: 'float32', dims, data: noisy },
      [BATCH_INPUTS.clean]: { type: 'float32', dims, data: clean },
      [VAE_INPUTS.epsilon]: { type: 'float32', dims: [data.batch, this.latent], data: epsilon },
    };
  }
}
