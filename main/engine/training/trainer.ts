import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Scores, TrainingNews, TrainingReport, TrainRequest } from '../../../preload/training/train-call.js';
import { AppError } from '../../core/errors.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { modelOf, type Graph, type Model, type Tensor } from '../../core/onnx/model.js';
import { HOST_GONE } from '../host-channel.js';
import { BATCH_INPUTS, LOSS_OUTPUT } from '../../core/training/objectives.js';
import { learningRate, timedLearningRate } from '../../core/training/schedule.js';
import { EMA_DECAY, emaDecayAt, GRADIENT_NORM, stepScalars } from '../../core/training/step-graph.js';
import type { RuntimeTensor, SessionOptions } from '../runtime.js';
import { buildNet, type NetToTrain } from './build-net.js';
import { evaluate, overall } from './evaluation.js';
import { heldOutSamples, type HeldOutSet } from './held-out.js';
import { BatchLoader, type TrainingBatch } from './loader.js';
import { RunFolder } from './run-folder.js';
import { Notes, sameRun } from './run-notes.js';
import { StepSessions, trainingGraphs, type TrainingGraphs } from './step-sessions.js';
import { TrainingState } from './training-state.js';

/** Carries a training run out, from the first step or from its last checkpoint to its end. */

/** Crops that evaluations take of the held-out photos. */
const EVALUATION_CROPS = 32;
/** News of steps come at most this often. */
const NEWS_EVERY_MS = 1000;
/** Makes the choice of crops whose noise level is told independent of all else that is drawn for them. */
const TOLD_SALT = 0x746f6c64;

/** What a run needs of the engine. */
export interface TrainingTools {
  /** The shipped estimator. */
  readonly estimator: () => Promise<Graph>;
  readonly session: SessionOptions;
  /** Bytes that a run may use. */
  readonly available: number;
  /** Resolves when the run may go on: at once, unless it is paused. */
  readonly unpaused: () => Promise<void>;
  readonly onNews: (news: TrainingNews) => void;
}

/**
 * @throws AppError 'training/diverged' when the loss stops being a number: the last checkpoint is kept; 'output/...' when
 *   the disk is full; 'engine/out-of-memory'; 'input/...' for photos; 'engine/cancelled' after a checkpoint was written
 */
export async function train(signal: AbortSignal, request: TrainRequest, tools: TrainingTools): Promise<TrainingReport> {
  const { recipe, resume } = request;
  const folder = new RunFolder(request.out);
  const checkpoint = resume ? await folder.readCheckpoint() : null;
  if (!resume) await folder.refuseUsed();
  const noted = checkpoint === null ? null : sameRun(Notes.parse(checkpoint.notes), recipe);
  const net = await buildNet(recipe, request.init);
  if (noted !== null && noted.parent !== net.parent) {
    throw new AppError('usage/invalid', 'the run in this folder started from another model: give the same --init');
  }
  const asksSigma = net.graph.inputs.some(({ name }) => name === 'sigma');
  const measures = recipe.objective.task === 'denoise' && asksSigma && recipe.objective.told < 1;
  const graphs = trainingGraphs(recipe, net, measures ? await tools.estimator() : null, tools.available);
  const state = new TrainingState(net, checkpoint?.arrays ?? null);
  const { accumulate } = recipe.optimizer;
  const loader = await BatchLoader.open({
    photos: request.photos,
    recipe: recipe.data,
    seed: recipe.seed,
    firstStep: (noted?.step ?? 0) * accumulate,
    holdOut: true,
    signal,
  });
  try {
    const photos = hashNames([...loader.photos, ...loader.heldOut]);
    if (noted !== null && noted.photos !== photos) {
      throw new AppError(
        'usage/invalid',
        'the photos are not those that the run in this folder learns from: give the same --data',
      );
    }
    const sets = await heldOutSets(signal, request, loader.heldOut);
    tools.onNews({
      type: 'started',
      step: noted?.step ?? 0,
      photos: loader.photos.length,
      heldOut: loader.heldOut.length,
      problems: [...loader.problems],
      parameters: state.parameters,
      memory: graphs.memory,
    });
    const sessions = await StepSessions.open(graphs, tools.session);
    try {
      const notes: Notes = noted ?? {
        recipe,
        parent: net.parent,
        photos,
        step: 0,
        seconds: 0,
        evaluated: -1,
        before: {},
        best: null,
      };
      const parts = { request, tools, folder, net, graphs, sessions, loader, sets, state, notes };
      return await new Run(parts).carryOut(signal);
    } finally {
      await sessions.release();
    }
  } finally {
    await loader.close();
  }
}

async function heldOutSets(
  signal: AbortSignal,
  { recipe }: TrainRequest,
  photos: readonly string[],
): Promise<readonly HeldOutSet[]> {
  if (photos.length === 0) return [];
  const { data, seed } = recipe;
  return (await heldOutSamples({ photos, recipe: data, seed, count: EVALUATION_CROPS, signal })).sets;
}

const hashNames = (paths: readonly string[]): string =>
  createHash('sha256')
    .update(
      paths
        .map((path) => basename(path))
        .sort()
        .join('\0'),
    )
    .digest('hex');

interface RunParts {
  readonly request: TrainRequest;
  readonly tools: TrainingTools;
  readonly folder: RunFolder;
  readonly net: NetToTrain;
  readonly graphs: TrainingGraphs;
  readonly sessions: StepSessions;
  readonly loader: BatchLoader;
  readonly sets: readonly HeldOutSet[];
  readonly state: TrainingState;
  readonly notes: Notes;
}

class Run {
  private readonly scheduled: { peak: number; floor: number; warmupSteps: number };
  private since = { at: performance.now(), steps: 0, loss: 0, waited: 0 };
  private checkpointed: number;

  constructor(private readonly parts: RunParts) {
    const { net, notes, request } = parts;
    const { learningRate: fresh, continueRate, floor, warmupSteps } = request.recipe.optimizer;
    this.scheduled = { peak: net.parent === null ? fresh : continueRate, floor, warmupSteps };
    this.checkpointed = notes.step;
  }

  async carryOut(signal: AbortSignal): Promise<TrainingReport> {
    const { recipe } = this.parts.request;
    const { notes } = this.parts;
    // A new run is one that can be gone on with before anything else of it is there.
    if (this.parts.request.resume) await this.parts.folder.cutMetrics(notes.step);
    else await this.writeCheckpoint();
    try {
      // At the start, or where the run was stopped in the middle of it.
      if (this.isEvaluationDue()) await this.evaluate(signal);
      while (this.fraction() < 1) {
        await this.parts.tools.unpaused();
        signal.throwIfAborted();
        const startedAt = performance.now();
        await this.step(signal);
        notes.seconds += (performance.now() - startedAt) / 1000;
        if (this.isEvaluationDue()) await this.evaluate(signal);
        if (notes.step % recipe.checkpointEvery === 0) await this.writeCheckpoint();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      if (signal.reason !== HOST_GONE) await this.writeCheckpoint();
      throw new AppError('engine/cancelled', 'cancelled');
    }
    await this.writeCheckpoint();
    const best = notes.best!;
    return {
      steps: notes.step,
      model: this.parts.folder.modelFile(recipe.name),
      bestStep: best.step,
      scores: best.scores,
      before: notes.before,
      seconds: notes.seconds,
    };
  }

  /** Whether the weights as they are should be measured and are not yet. */
  private isEvaluationDue(): boolean {
    const { notes, request } = this.parts;
    return notes.evaluated < notes.step && (notes.step % request.recipe.evaluateEvery === 0 || this.fraction() >= 1);
  }

  /** How far the run is, in [0,1]. */
  private fraction(): number {
    const { length } = this.parts.request;
    const done =
      length.by === 'steps' ? this.parts.notes.step / length.steps : this.parts.notes.seconds / (60 * length.minutes);
    return Math.min(1, done);
  }

  private async step(signal: AbortSignal): Promise<void> {
    const { recipe, length } = this.parts.request;
    const { optimizer } = recipe;
    const step = this.parts.notes.step + 1;
    const rate =
      length.by === 'steps'
        ? learningRate(step, length.steps, this.scheduled)
        : timedLearningRate(step, this.fraction(), this.scheduled);
    const scalars = {
      ...stepScalars(step, rate, optimizer.betas),
      [EMA_DECAY]: emaDecayAt(step, optimizer.emaDecay),
    };
    let loss = 0;
    for (let part = 1; part < optimizer.accumulate; part++) {
      loss += this.parts.state.accumulate(
        await this.runBatch(signal, this.parts.sessions.accumulation!, this.parts.graphs.accumulation!, {}),
      );
    }
    const last = await this.runBatch(signal, this.parts.sessions.step, this.parts.graphs.step, scalars);
    loss = (loss + scalarOf(last, LOSS_OUTPUT)) / optimizer.accumulate;
    const gradientNorm = scalarOf(last, GRADIENT_NORM);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new AppError(
        'training/diverged',
        `the loss stopped being a number at step ${step}: a lower optimizer.learningRate helps, as a rule. ` +
          `The checkpoint of step ${this.checkpointed} is kept`,
      );
    }
    // The runtime blocked this thread: the host may have gone meanwhile, and another be at work in the folder.
    await new Promise(setImmediate);
    signal.throwIfAborted();
    this.parts.state.advance(last);
    this.parts.notes.step = step;
    this.parts.folder.addMetrics({ step, loss, gradientNorm, learningRate: rate });
    await this.tell(loss, rate, gradientNorm);
  }

  private async runBatch(
    signal: AbortSignal,
    session: StepSessions['step'],
    graph: Graph,
    scalars: Readonly<Record<string, number>>,
  ): Promise<Record<string, RuntimeTensor>> {
    const waitedFrom = performance.now();
    const batch = await this.parts.loader.next(signal);
    this.since.waited += performance.now() - waitedFrom;
    const parts = this.batchParts(batch);
    const feeds = graph.inputs.map(({ name }): [string, RuntimeTensor] => {
      const scalar = scalars[name];
      if (scalar !== undefined) return [name, { type: 'float32', dims: [], data: Float32Array.of(scalar) }];
      return [name, parts[name] ?? this.parts.state.get(name)];
    });
    return session.run(Object.fromEntries(feeds));
  }

  private batchParts({ step, noisy, clean, sigma }: TrainingBatch): Record<string, RuntimeTensor> {
    const { data, objective, seed } = this.parts.request.recipe;
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

  /** Measures the running mean of the weights, and keeps the model if it is the best so far. */
  private async evaluate(signal: AbortSignal): Promise<void> {
    const { folder, notes, request, sessions, sets, state, tools } = this.parts;
    const { recipe } = request;
    const { task } = recipe.objective;
    const scores = await evaluate(signal, sessions.score, state.means(), sets, task, recipe.data);
    if (notes.step === 0) notes.before = scores;
    // With nothing held out, the last is as good as any.
    const best = notes.best === null || sets.length === 0 || overall(scores, task) > overall(notes.best.scores, task);
    if (best) {
      await folder.writeModel(recipe.name, this.model(scores));
      notes.best = { step: notes.step, scores };
    }
    notes.evaluated = notes.step;
    folder.addMetrics({ step: notes.step, scores });
    tools.onNews({ type: 'evaluated', step: notes.step, scores, best });
    // Its time is not that of steps.
    this.since = { at: performance.now(), steps: 0, loss: 0, waited: 0 };
  }

  /** The net with the running mean of its weights, to denoise with. */
  private model(scores: Scores): Model {
    const { net, notes, request, state } = this.parts;
    const { name, objective } = request.recipe;
    const means = state.means();
    const initializers = new Map<string, Tensor>(net.graph.initializers);
    for (const weight of net.trainable) initializers.set(weight, means[weight] as Tensor);
    const metadata = new Map([
      ['name', name],
      ['kind', objective.task === 'denoise' ? 'denoiser' : 'estimator'],
      ['steps', String(notes.step)],
      ['parent', net.parent ?? 'none'],
      ['scores', JSON.stringify(scores)],
    ]);
    return modelOf({ ...net.graph, initializers }, metadata);
  }

  private async writeCheckpoint(): Promise<void> {
    await this.parts.folder.writeCheckpoint({ notes: this.parts.notes, arrays: this.parts.state.arrays() });
    this.checkpointed = this.parts.notes.step;
    this.parts.tools.onNews({ type: 'checkpoint', step: this.parts.notes.step });
  }

  private async tell(loss: number, rate: number, gradientNorm: number): Promise<void> {
    const { since } = this;
    since.steps++;
    since.loss += loss;
    const elapsed = performance.now() - since.at;
    if (elapsed < NEWS_EVERY_MS && this.fraction() < 1) return;
    this.parts.tools.onNews({
      type: 'step',
      step: this.parts.notes.step,
      fraction: this.fraction(),
      loss: since.loss / since.steps,
      learningRate: rate,
      gradientNorm,
      msPerStep: elapsed / since.steps,
      waiting: since.waited / elapsed,
    });
    this.since = { at: performance.now(), steps: 0, loss: 0, waited: 0 };
    await this.parts.folder.flushMetrics();
  }
}

const scalarOf = (outputs: Readonly<Record<string, RuntimeTensor>>, name: string): number =>
  Number(outputs[name]!.data[0]);
