import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type {
  Parts,
  Scores,
  TrainingNews,
  TrainingReport,
  TrainRequest,
} from '../../../preload/training/train-call.js';
import { AppError } from '../../core/errors.js';
import { modelOf, type Graph } from '../../core/onnx/model.js';
import { learningRate, timedLearningRate } from '../../core/training/schedule.js';
import { HOST_GONE } from '../host-channel.js';
import type { SessionOptions } from '../runtime.js';
import { autoencoderTask } from './autoencoder-task.js';
import { buildAutoencoder } from './build-autoencoder.js';
import { buildNet } from './build-net.js';
import { denoiseTask } from './denoise-task.js';
import { BatchLoader } from './loader.js';
import { RunFolder } from './run-folder.js';
import { Notes, sameRun } from './run-notes.js';
import type { ModelFile, OpenTask, TrainingTask } from './task.js';
import { TrainingState } from './training-state.js';

/** Carries a training run out, from the first step or from its last checkpoint to its end. */

/** News of steps come at most this often. */
const NEWS_EVERY_MS = 1000;

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
  /** Gets the nets as they were just evaluated; training goes on when it is done with them. */
  readonly onEvaluated?: (nets: readonly ModelFile[], step: number) => Promise<void>;
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
  const task = await taskOf(request, tools);
  if (noted !== null && noted.parent !== task.parent) {
    throw new AppError('usage/invalid', 'the run in this folder started from another model: give the same --init');
  }
  const state = new TrainingState(task.weights, checkpoint?.arrays ?? null);
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
    refuseTooFew(loader, task);
    tools.onNews({
      type: 'started',
      step: noted?.step ?? 0,
      photos: loader.photos.length,
      heldOut: loader.heldOut.length,
      problems: [...loader.problems],
      parameters: state.parameters,
      memory: task.memory,
    });
    const open = await task.open(signal, loader.heldOut, tools.session);
    try {
      const fresh = { step: 0, seconds: 0, evaluated: -1, kept: {}, before: {}, best: null };
      const notes: Notes = noted ?? { recipe, parent: task.parent, photos, ...fresh };
      return await new Run({ request, tools, folder, task: open, loader, state, notes }).carryOut(signal);
    } finally {
      await open.release();
    }
  } finally {
    await loader.close();
  }
}

async function taskOf({ recipe, init }: TrainRequest, tools: TrainingTools): Promise<TrainingTask> {
  const { objective } = recipe;
  if (objective.task === 'autoencode') {
    return autoencoderTask(recipe, await buildAutoencoder(recipe, init), tools.available);
  }
  const net = await buildNet(recipe, init);
  const asksSigma = net.graph.inputs.some(({ name }) => name === 'sigma');
  const measures = objective.task === 'denoise' && asksSigma && objective.told < 1;
  return denoiseTask(recipe, net, measures ? await tools.estimator() : null, tools.available);
}

/** @throws AppError 'input/not-found', naming a photo that cannot be used, if there is one */
function refuseTooFew({ photos, heldOut, problems }: BatchLoader, { leastPhotos }: TrainingTask): void {
  const usable = photos.length + heldOut.length;
  if (usable >= leastPhotos) return;
  const [first] = problems;
  const others = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  const left = first === undefined ? '' : ` (left out: ${basename(first.path)}, ${first.message}${others})`;
  throw new AppError(
    'input/not-found',
    `${usable} ${usable === 1 ? 'photo' : 'photos'} can be learnt from, and fewer than ${leastPhotos} would be learnt by heart: add photos to --data${left}`,
  );
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
  readonly task: OpenTask;
  readonly loader: BatchLoader;
  readonly state: TrainingState;
  readonly notes: Notes;
}

interface TakenStep {
  readonly loss: number;
  /** Learning rate. */
  readonly rate: number;
  readonly gradientNorm: number;
  readonly parts: Parts;
}

class Run {
  private readonly scheduled: { peak: number; floor: number; warmupSteps: number };
  private since = newSince();
  private checkpointed: number;

  constructor(private readonly parts: RunParts) {
    const { notes, request } = parts;
    const { learningRate: fresh, continueRate, floor, warmupSteps } = request.recipe.optimizer;
    this.scheduled = { peak: notes.parent === null ? fresh : continueRate, floor, warmupSteps };
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
        const taken = await this.step(signal);
        notes.seconds += (performance.now() - startedAt) / 1000;
        // Behind the time, by which it is told whether this was the last.
        await this.tell(taken);
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
    const [model, ...beside] = this.modelFiles().map(({ name }) => this.parts.folder.modelFile(name));
    return {
      steps: notes.step,
      model: model!,
      beside,
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
    const { step, seconds } = this.parts.notes;
    const { length } = this.parts.request;
    if (length.by === 'steps') return Math.min(1, step / length.steps);
    return Math.min(1, Math.max(seconds / (60 * length.minutes), step / (length.mostSteps ?? Infinity)));
  }

  private async step(signal: AbortSignal): Promise<TakenStep> {
    const { folder, loader, notes, request, state, task } = this.parts;
    const { length } = request;
    const step = notes.step + 1;
    const rate = (peak: number): number => {
      const schedule = { ...this.scheduled, peak };
      return length.by === 'steps'
        ? learningRate(step, length.steps, schedule)
        : timedLearningRate(step, this.fraction(), schedule);
    };
    const { peak } = this.scheduled;
    const { loss, gradientNorm, parts, trained, kept } = await task.step({
      ...{ step, state, peak, rate },
      fraction: this.fraction(),
      kept: notes.kept,
      nextBatch: async () => {
        const waitedFrom = performance.now();
        const batch = await loader.next(signal);
        this.since.waited += performance.now() - waitedFrom;
        return batch;
      },
    });
    if (![loss, gradientNorm, ...Object.values(parts)].every(Number.isFinite)) {
      throw new AppError(
        'training/diverged',
        `the loss stopped being a number at step ${step}: a lower optimizer.learningRate helps, as a rule. ` +
          `The checkpoint of step ${this.checkpointed} is kept`,
      );
    }
    // The runtime blocked this thread: the host may have gone meanwhile, and another be at work in the folder.
    await new Promise(setImmediate);
    signal.throwIfAborted();
    for (const outputs of trained) state.advance(outputs);
    notes.step = step;
    notes.kept = kept;
    folder.addMetrics({ step, loss, ...parts, gradientNorm, learningRate: rate(peak) });
    return { loss, rate: rate(peak), gradientNorm, parts };
  }

  /** Measures the running mean of the weights, and keeps the model if it is the best so far. */
  private async evaluate(signal: AbortSignal): Promise<void> {
    const { folder, notes, state, task, tools } = this.parts;
    const startedAt = performance.now();
    const { scores, sheet } = await task.evaluate(signal, state);
    if (notes.step === 0) notes.before = scores;
    const best = notes.best === null || task.isBetter(scores, notes.best.scores);
    if (best) {
      for (const { name, kind, graph } of this.modelFiles()) {
        await folder.writeModel(name, modelOf(graph, this.metadata(name, kind, scores)));
      }
      notes.best = { step: notes.step, scores };
    }
    if (sheet !== null) await folder.writeSheet(sheet);
    notes.evaluated = notes.step;
    folder.addMetrics({ step: notes.step, scores });
    tools.onNews({ type: 'evaluated', step: notes.step, scores, best });
    await tools.onEvaluated?.(task.models(state), notes.step);
    // Its time is not that of steps, which are told all the same, however often there is an evaluation.
    this.since.at += performance.now() - startedAt;
  }

  private modelFiles() {
    const { request, state, task } = this.parts;
    return task.models(state).map(({ suffix, ...file }) => ({ name: `${request.recipe.name}${suffix}`, ...file }));
  }

  private metadata(name: string, kind: string, scores: Scores): Map<string, string> {
    const { notes } = this.parts;
    return new Map([
      ['name', name],
      ['kind', kind],
      ['steps', String(notes.step)],
      ['parent', notes.parent ?? 'none'],
      ['scores', JSON.stringify(scores)],
    ]);
  }

  private async writeCheckpoint(): Promise<void> {
    await this.parts.folder.writeCheckpoint({ notes: this.parts.notes, arrays: this.parts.state.arrays() });
    this.checkpointed = this.parts.notes.step;
    this.parts.tools.onNews({ type: 'checkpoint', step: this.parts.notes.step });
  }

  private async tell({ loss, rate, gradientNorm, parts }: TakenStep): Promise<void> {
    const { since } = this;
    since.steps++;
    since.loss += loss;
    for (const [name, value] of Object.entries(parts)) {
      const { sum, count } = since.parts.get(name) ?? { sum: 0, count: 0 };
      since.parts.set(name, { sum: sum + value, count: count + 1 });
    }
    const elapsed = performance.now() - since.at;
    if (elapsed < NEWS_EVERY_MS && this.fraction() < 1) return;
    this.parts.tools.onNews({
      type: 'step',
      step: this.parts.notes.step,
      fraction: this.fraction(),
      loss: since.loss / since.steps,
      parts: Object.fromEntries([...since.parts].map(([name, { sum, count }]) => [name, sum / count])),
      learningRate: rate,
      gradientNorm,
      msPerStep: elapsed / since.steps,
      waiting: since.waited / elapsed,
    });
    this.since = newSince();
    await this.parts.folder.flushMetrics();
  }
}

/** What was seen since the last news. */
function newSince() {
  // A part need not be there in every step.
  const parts = new Map<string, { readonly sum: number; readonly count: number }>();
  return { at: performance.now(), steps: 0, loss: 0, waited: 0, parts };
}
