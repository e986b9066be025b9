import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { GateVerdict, LearningNews, LearningReport, LearnRequest } from '../../../preload/learn/learn-call.js';
import type { CameraNoise } from '../../../preload/learn/profile.js';
import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { Scores, TrainingReport } from '../../../preload/training/train-call.js';
import { AppError } from '../../core/errors.js';
import { decodeModel } from '../../core/onnx/codec.js';
import type { Graph } from '../../core/onnx/model.js';
import { writeAtomically } from '../atomic-file.js';
import { readModelFile } from '../models.js';
import { CHECKPOINT_FILE, exists } from '../training/run-folder.js';
import { train, type TrainingTools } from '../training/trainer.js';
import { writeBank } from '../training/bank-file.js';
import { judge, type GateWindow } from './gate.js';
import { measureNoise, STRONG_FACTOR, type MeasuredNoise, type SmoothedWindow } from './measure-noise.js';
import { learningRecipe, MODEL_NAME, ROUNDS } from './recipe.js';
import { curvesOf } from './curves.js';
import { noteRequest } from './notes.js';
import { Samples } from './samples.js';
import { writeSources } from './sources.js';
import { ToldNet } from './told-net.js';
import { readWindows, toPlanes, type Windows } from './windows.js';

/**
 * Fine-tunes a denoiser on someone's photos. In rounds: the noise of the photos is measured with the model as it is, put
 * on the photos as it denoises them (or on clean ones), and learnt to be taken away; the next round starts from the
 * better model. At the end the gate compares it with its parent on what was held out.
 *
 * The run's folder: `notes.json` (what was asked for), and a folder a round with the noise, what is learnt from and the
 * training run, which goes on from its own checkpoint. At the end `report.json`, and the model if it is better: `learnt.onnx`.
 */

export interface LearningTools extends Omit<TrainingTools, 'onNews' | 'onEvaluated'> {
  /** The path of a shipped model. */
  readonly modelFile: (nameOrPath: string) => Promise<string>;
  readonly onNews: (news: LearningNews) => void;
}

/**
 * @throws AppError 'learn/no-noise', 'input/...' for photos, 'model/...' for the parent, 'output/exists' where a run has
 *   been, 'engine/cancelled' when it can be resumed, and what `train` throws
 */
export async function learn(signal: AbortSignal, request: LearnRequest, tools: LearningTools): Promise<LearningReport> {
  await noteRequest(request);
  const parentFile = await tools.modelFile(request.model);
  const estimator = await tools.estimator();
  const windows = await readWindows(signal, request.photos, (fraction) => {
    tools.onNews({ type: 'reading', fraction });
  });
  const run = new LearningRun(signal, request, tools, estimator, windows);
  let trained: TrainingReport | null = null;
  let before: Scores | null = null;
  let model = parentFile;
  const rounds = request.clean.length > 0 ? 1 : ROUNDS;
  for (let round = 1; round <= rounds; round++) {
    trained = await run.round(round, rounds, model);
    before ??= trained.before;
    model = trained.model;
  }
  const verdict = await run.judge(parentFile, model);
  tools.onNews({ type: 'judged', verdict });
  const report: LearningReport = {
    model: verdict.passed ? join(request.out, `${MODEL_NAME}.onnx`) : model,
    parent: { model: request.model, sha256: hashOf(await readModelFile(parentFile)) },
    method: request.clean.length > 0 ? 'clean' : 'noisy',
    steps: run.steps,
    seconds: run.seconds,
    photos: windows.photos,
    cameras: [...run.cameras],
    scores: trained!.scores,
    before: before!,
    curves: await curvesOf(Array.from({ length: rounds }, (_, index) => join(request.out, `round-${index + 1}`))),
    recipe: withoutFolders(run.recipe!),
    verdict,
  };
  if (verdict.passed) await put(report.model, await readModelFile(model));
  await put(join(request.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** A recipe to be kept with the model, which may be given away: files by their names alone. */
function withoutFolders(recipe: TrainingRecipe): LearningReport['recipe'] {
  const text = JSON.stringify(recipe, (key, value: unknown) =>
    (key === 'path' || key === 'file') && typeof value === 'string' ? basename(value) : value,
  );
  return JSON.parse(text) as LearningReport['recipe'];
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const put = (file: string, content: Uint8Array | string): Promise<void> =>
  writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, content));

class LearningRun {
  steps = 0;
  seconds = 0;
  cameras: readonly CameraNoise[] = [];
  /** Of the last round. */
  recipe: TrainingRecipe | null = null;
  /** Of the first round: the parent's noise is what the gate's is made of. */
  private heldOut: GateWindow[] = [];
  /** Null where nobody looks at them. */
  private samples: Samples | null = null;

  constructor(
    private readonly signal: AbortSignal,
    private readonly request: LearnRequest,
    private readonly tools: LearningTools,
    private readonly estimator: Graph,
    private readonly windows: Windows,
  ) {}

  /** Measures the noise with a model, and trains from it. */
  async round(round: number, rounds: number, modelFile: string): Promise<TrainingReport> {
    const { signal, request, tools, windows } = this;
    const folder = join(request.out, `round-${round}`);
    await mkdir(folder, { recursive: true });
    const net = await this.open(modelFile);
    let measured: MeasuredNoise;
    let photos: string[];
    try {
      const smoothed: SmoothedWindow[] = [];
      for (const window of windows.windows) {
        if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
        const noisy = toPlanes(window.pixels);
        smoothed.push({ window, noisy, smooth: await net.denoise(noisy, STRONG_FACTOR) });
      }
      measured = measureNoise(smoothed, request.seed + round);
      if (round === 1) {
        this.takeHeldOut(smoothed, measured);
        const held = this.heldOut.map(({ noisy }) => noisy);
        this.samples = request.samples === undefined ? null : await Samples.begin(request.samples, held, net);
      }
      photos = request.clean.length > 0 ? [...request.clean] : await writeSources(signal, folder, smoothed, net);
    } finally {
      await net.release();
    }
    const bank = join(folder, 'noise.bin');
    await writeBank(bank, measured.bank);
    this.cameras = round === 1 ? measured.cameras : this.cameras;
    tools.onNews({
      type: 'measured',
      round,
      rounds,
      photos: windows.photos,
      windows: windows.windows.length,
      heldOut: this.heldOut.length,
      cameras: [...this.cameras],
      problems: [...windows.problems],
    });
    const recipe = learningRecipe({
      net: modelFile,
      bank,
      rate: request.rate,
      seed: request.seed,
      clean: request.clean.length > 0,
    });
    this.recipe = recipe;
    const report = await train(
      signal,
      {
        recipe,
        photos,
        out: folder,
        init: modelFile,
        length: { by: 'minutes', minutes: request.minutes / rounds },
        resume: await exists(join(folder, CHECKPOINT_FILE)),
        runtime: request.runtime,
      },
      {
        ...tools,
        onNews: (news) => {
          tools.onNews({ type: 'training', round, rounds, news });
        },
        onEvaluated: async ([evaluated], step) => {
          if (this.samples !== null) await this.tellSamples(this.samples, evaluated!.graph, round, step);
        },
      },
    );
    this.steps += report.steps;
    this.seconds += report.seconds;
    return report;
  }

  /** Shows what the net makes of what is held out, as it is now. */
  private async tellSamples(samples: Samples, graph: Graph, round: number, step: number): Promise<void> {
    const net = await this.openGraph(graph);
    try {
      this.tools.onNews({ type: 'samples', round, step, parts: await samples.make(net, round, step) });
    } finally {
      await net.release();
    }
  }

  private takeHeldOut(smoothed: readonly SmoothedWindow[], { bank, groupOf }: MeasuredNoise): void {
    this.heldOut = smoothed.flatMap(({ window, noisy }, index) =>
      window.heldOut ? [{ noisy, group: bank.groups[groupOf[index]!]! }] : [],
    );
  }

  /** Compares what was learnt with the parent. */
  async judge(parentFile: string, childFile: string): Promise<GateVerdict> {
    const parent = await this.open(parentFile);
    try {
      const child = await this.open(childFile);
      try {
        return await judge(this.signal, {
          parent,
          child,
          windows: this.heldOut,
          seed: this.request.seed,
        });
      } finally {
        await child.release();
      }
    } finally {
      await parent.release();
    }
  }

  private async open(file: string): Promise<ToldNet> {
    return this.openGraph(decodeModel(await readModelFile(file)).graph);
  }

  private openGraph(graph: Graph): Promise<ToldNet> {
    return ToldNet.open(graph, this.estimator, this.tools.session, this.tools.unpaused);
  }
}
