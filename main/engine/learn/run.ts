import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateVerdict, LearningNews, LearnRequest } from '../../../preload/learn/learn-call.js';
import type { CameraNoise } from '../../../preload/learn/profile.js';
import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { Scores, TrainingReport } from '../../../preload/training/train-call.js';
import { AppError } from '../../core/errors.js';
import { decodeModel, encodeModel } from '../../core/onnx/codec.js';
import { interpolateGraphs } from '../../core/onnx/interpolate.js';
import type { Graph } from '../../core/onnx/model.js';
import { writeAtomically } from '../atomic-file.js';
import { readModelFile } from '../models.js';
import { openNet } from '../training/net.js';
import { CHECKPOINT_FILE, exists } from '../training/run-folder.js';
import { train, type TrainingTools } from '../training/trainer.js';
import { judge, type GateWindow } from './gate.js';
import { Samples } from './samples.js';
import { ToldNet } from './told-net.js';

/**
 * How far the result is from the parent to what was trained. On photos of scenes that were not learnt from, three quarters of
 * the way is the better model (docs/learning.md).
 */
const KEPT_SHARE = 0.75;

/** What a way to learn gets: its request, nets, training runs and the gate. */

export interface LearningTools extends Omit<TrainingTools, 'onNews' | 'onEvaluated'> {
  /** The path of a shipped model. */
  readonly modelFile: (nameOrPath: string) => Promise<string>;
  readonly onNews: (news: LearningNews) => void;
}

/** A way to learn: from what was asked for to a trained model and what the gate says of it. */
export type LearningWay = (run: LearningRun) => Promise<Learnt>;

export interface Learnt {
  /** Path of the trained model. */
  readonly model: string;
  readonly photos: number;
  readonly cameras: readonly CameraNoise[];
  /** Of the training run that the model is a part of the way to... */
  readonly recipe: TrainingRecipe;
  readonly scores: Scores;
  /** ...and before it, of the parent. */
  readonly before: Scores;
  /** Rounds whose curves are those of the model. */
  readonly rounds: readonly number[];
  readonly verdict: GateVerdict;
}

/** One training run of a way to learn. */
export interface Round {
  /** Counts from 1. */
  readonly round: number;
  readonly rounds: number;
  readonly recipe: TrainingRecipe;
  readonly photos: readonly string[];
  /** Path of the model that it starts from. */
  readonly init: string;
  /** Steps after which it ends though there is time left; absent: it takes all of its time. */
  readonly mostSteps?: number;
}

export class LearningRun {
  /** Of all rounds together. */
  steps = 0;
  seconds = 0;
  /** Null where nobody looks at them. */
  private samples: Samples | null = null;

  constructor(
    readonly signal: AbortSignal,
    readonly request: LearnRequest,
    readonly tools: LearningTools,
    /** Path of the model that it starts from. */
    readonly parent: string,
    private readonly estimator: Graph,
  ) {}

  /** @throws AppError 'engine/cancelled' */
  goOn(): void {
    if (this.signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
  }

  tell(news: LearningNews): void {
    this.tools.onNews(news);
  }

  /** The folder of a round, which is there then. */
  async folder(round: number): Promise<string> {
    const folder = join(this.request.out, `round-${round}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Has something done with the net of a file. */
  async withNet<T>(file: string, work: (net: ToldNet) => Promise<T>): Promise<T> {
    return this.withGraph(decodeModel(await readModelFile(file)).graph, work);
  }

  /** Has something done with a net. */
  private async withGraph<T>(graph: Graph, work: (net: ToldNet) => Promise<T>): Promise<T> {
    const net = await ToldNet.open(graph, this.estimator, this.tools.session, this.tools.unpaused);
    try {
      return await work(net);
    } finally {
      await net.release();
    }
  }

  /** Has it shown, from now on, what becomes of what is held out, if that was asked for. */
  async show(heldOut: readonly GateWindow[]): Promise<void> {
    const { samples } = this.request;
    if (samples === undefined) return;
    const parts = heldOut.map(({ noisy }) => noisy);
    this.samples = await this.withNet(this.parent, (parent) => Samples.begin(samples, parts, parent));
  }

  /** Trains, or goes on with what was begun, for the round's share of the time. */
  async train({ round, rounds, recipe, photos, init, mostSteps }: Round): Promise<TrainingReport> {
    const { signal, request, tools } = this;
    const folder = await this.folder(round);
    const report = await train(
      signal,
      {
        recipe,
        photos: [...photos],
        out: folder,
        init,
        length: { by: 'minutes', minutes: request.minutes / rounds, ...(mostSteps !== undefined && { mostSteps }) },
        resume: await exists(join(folder, CHECKPOINT_FILE)),
        runtime: request.runtime,
      },
      {
        ...tools,
        onNews: (news) => {
          this.tell({ type: 'training', round, rounds, news });
        },
        onEvaluated: async ([evaluated], step) => {
          const { samples } = this;
          if (samples === null) return;
          const parts = await this.withGraph(evaluated!.graph, (net) => samples.make(net, round, step));
          this.tell({ type: 'samples', round, step, parts });
        },
      },
    );
    this.steps += report.steps;
    this.seconds += report.seconds;
    return report;
  }

  /** Writes the model that is kept of what was trained: a part of the way there. @returns its path */
  async settle(trained: string): Promise<string> {
    // As the trainer reads it: parameters that the file stores as one are two there.
    const { graph: parent } = await openNet(this.parent);
    const child = decodeModel(await readModelFile(trained));
    const model = encodeModel({ ...child, graph: interpolateGraphs(parent, child.graph, KEPT_SHARE) });
    const file = join(this.request.out, 'settled.onnx');
    await writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, model));
    return file;
  }

  /** Compares what was learnt with the parent. */
  judge(child: string, windows: readonly GateWindow[]): Promise<GateVerdict> {
    return this.withNet(this.parent, (parent) =>
      this.withNet(child, (net) => judge(this.signal, { parent, child: net, windows, seed: this.request.seed })),
    );
  }
}
