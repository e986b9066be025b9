import { randomBytes } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoId, RuntimeSettings, TrainingRun, TrainStart } from '../../../preload/contract.js';
import type { LearningNews, LearningReport } from '../../../preload/learn/learn-call.js';
import { AppError, toWireError, type WireError } from '../../core/errors.js';
import { Claims } from '../claims.js';
import type { Duty } from '../duty.js';
import type { Engine } from '../engine-supervisor.js';
import type { Emit } from '../events.js';
import type { Library } from '../library/library.js';
import { keepLearnt } from '../learnt-models.js';
import type { ModelLibrary } from '../model-library.js';
import { newOwner } from '../owner.js';
import { learningFolder, trainingClaimsFolder } from '../state-folder.js';
import { groupScenes } from '../scenes.js';
import { saveFault, Saver } from '../stored-file.js';
import { RunClock } from './eta.js';
import { hearNews, NO_PROGRESS } from './progress.js';
import { RunFile, type StoredRun } from './run-file.js';
import type { SampleImages } from './sample-images.js';

/** An engine of its own, for as long as a run lasts. */
export interface TrainingEngine extends Engine {
  shutdown(): Promise<void>;
  kill(): void;
}

export interface TrainingOptions {
  /** The state folder. */
  readonly state: string;
  /** What the window remembers. */
  readonly folder: string;
  readonly launch: () => TrainingEngine;
  readonly library: Pick<Library, 'get'>;
  readonly models: ModelLibrary;
  /** The model that a run starts from. @throws AppError where there is none of this name */
  readonly parentOf: (model: string) => Promise<StoredRun['parent']>;
  readonly runtime: () => RuntimeSettings;
  /** What goes before training. */
  readonly duty: Duty;
  readonly emit: Emit;
  readonly samples: SampleImages;
  /** A model was taken into the library. */
  readonly onKept: () => void;
}

/** News come many times a second while photos are read. */
const TELL_MS = 250;
const SAVE_MS = 1000;
/** Errors that the same photos and model would give again. */
const HOPELESS = /^((learn|training|model|usage)\/|input\/unsupported$)/;

/** One to learn from, and one that is held out. */
const LEAST_CLEAN = 2;

/** A run at work. */
interface Work {
  readonly engine: TrainingEngine;
  readonly abort: AbortController;
  readonly clock: RunClock;
  /** By the person. */
  paused: boolean;
  /** What the engine was told last; null: it has not been given the run yet. */
  held: boolean | null;
  ended: Promise<void>;
}

/**
 * Learns from the person's photos, one run at a time, in an engine process of its own. Denoising and previews go first. A
 * run is remembered: what a quit, a kill or an error has stopped is gone on with when the person says so.
 */
export class TrainingService {
  readonly #file: RunFile;
  readonly #saver: Saver;
  readonly #claims: Claims;
  #run: StoredRun | null = null;
  #work: Work | null = null;
  #telling: NodeJS.Timeout | undefined;

  constructor(private readonly options: TrainingOptions) {
    this.#file = new RunFile(options.folder);
    this.#claims = new Claims(trainingClaimsFolder(options.state), newOwner());
    this.#saver = new Saver(
      () => this.#file.write(this.#run),
      SAVE_MS,
      (error) => {
        options.emit('app.notice', saveFault('the training run', error));
      },
    );
    options.duty.onChange(() => {
      this.#hold();
    });
  }

  /** Reads what an earlier process left; nothing is started. */
  async load(): Promise<void> {
    this.#run = await this.#file.read();
  }

  /** Where the run is; null: there is none. */
  view(): TrainingRun | null {
    const run = this.#run;
    if (run === null) return null;
    const { name, method, parent, minutes, photos, clean, progress, error, hopeless, result } = run;
    const work = this.#work;
    const state = result !== null ? 'ended' : work === null ? 'stopped' : work.paused ? 'paused' : 'running';
    return {
      ...{ name, method, minutes, state, error, hopeless, result },
      ...progress,
      parent: parent.name,
      photos: photos.length,
      clean: clean.length,
      waits: state === 'running' && this.options.duty.busy,
      etaMs: work === null ? null : work.clock.remaining(progress, minutes),
      samples: this.options.samples.shown,
    };
  }

  /** @throws AppError usage/invalid while another run is unfinished, input/not-found, model/... */
  async start({ name, method, photos, clean, minutes, parent }: TrainStart): Promise<void> {
    if (this.#run !== null && this.#run.result === null) {
      throw new AppError('usage/invalid', 'another training run is unfinished: go on with it, or discard it');
    }
    if ((method === 'clean') !== clean.length > 0) {
      throw new AppError('usage/invalid', 'clean photos are for the recipe that uses them, which needs some');
    }
    if (method === 'clean' && clean.length < LEAST_CLEAN) {
      throw new AppError('usage/invalid', 'two clean photos are needed at least: one is kept to judge by');
    }
    const isClean = new Set(clean);
    const noisy = photos.filter((id) => !isClean.has(id));
    if (noisy.length === 0) throw new AppError('usage/invalid', 'no photo is left to measure noise in');
    if (method === 'pairs' && groupScenes(this.#paths(noisy)).scenes.length === 0) throw noScenes();
    const run: StoredRun = {
      ...{ v: 1, id: randomBytes(8).toString('hex'), name, method, minutes },
      parent: await this.options.parentOf(parent),
      photos: this.#paths(noisy),
      clean: this.#paths(clean),
      progress: NO_PROGRESS,
      ...{ error: null, hopeless: false, result: null },
    };
    await this.#forget();
    this.#run = run;
    this.#begin(run);
  }

  /** Halts the run between two steps; it keeps its place in memory. */
  pause(): void {
    if (this.#work === null) return;
    this.#work.paused = true;
    this.#work.clock.halt();
    this.#hold();
    this.#tell();
  }

  /** Goes on after a pause, or with what was stopped. @throws AppError usage/invalid when there is nothing to go on with */
  resume(): void {
    const run = this.#run;
    if (run === null || run.result !== null) throw new AppError('usage/invalid', 'there is no run to go on with');
    if (this.#work === null) {
      this.#begin(run);
      return;
    }
    this.#work.paused = false;
    this.#work.clock.run();
    this.#hold();
    this.#tell();
  }

  /** Stops the run at its last step; it can be gone on with. */
  async stop(): Promise<void> {
    const work = this.#work;
    work?.abort.abort();
    await work?.ended;
  }

  /** @throws AppError usage/invalid while it is at work */
  async discard(): Promise<void> {
    if (this.#work !== null) throw new AppError('usage/invalid', 'stop the training before it is discarded');
    await this.#forget();
    this.#tell();
  }

  /** Stops the run, to be gone on with by the next process. */
  async close(): Promise<void> {
    await this.stop();
    clearTimeout(this.#telling);
    await this.#saver.flush();
  }

  kill(): void {
    this.#work?.engine.kill();
  }

  #paths(photos: readonly PhotoId[]): string[] {
    return photos.map((id) => this.options.library.get(id).path);
  }

  /** The folder of a run of the window; the command's runs have others. */
  #folderOf({ id }: StoredRun): string {
    return join(learningFolder(this.options.state), `window-${id}`);
  }

  async #forget(): Promise<void> {
    if (this.#run !== null)
      await rm(this.#folderOf(this.#run), { recursive: true, force: true }).catch(() => undefined);
    this.#run = null;
    await this.options.samples.clear();
    this.#saver.touch();
  }

  #begin(run: StoredRun): void {
    const clock = new RunClock();
    clock.run();
    const work: Work = {
      engine: this.options.launch(),
      abort: new AbortController(),
      clock,
      paused: false,
      held: null,
      ended: Promise.resolve(),
    };
    this.#work = work;
    this.#change({ error: null, progress: { ...run.progress, phase: 'starting' } });
    work.ended = this.#carryOut(run, work);
  }

  async #carryOut(run: StoredRun, work: Work): Promise<void> {
    const { models, onKept } = this.options;
    try {
      const report = await this.#learn(run, work);
      const { name, parent } = run;
      const { id, promoted } = await keepLearnt(models, { name, parent: parent.name, base: parent.base }, report);
      this.#change({ result: { version: id, promoted, verdict: report.verdict } });
      onKept();
      // All that is worth keeping of it is in the library.
      await rm(this.#folderOf(run), { recursive: true, force: true }).catch(() => undefined);
    } catch (error) {
      if (!work.abort.signal.aborted) this.#fail(run, error);
    }
    this.#work = null;
    this.#change({});
    await work.engine.shutdown().catch(() => undefined);
  }

  async #learn(run: StoredRun, work: Work): Promise<LearningReport> {
    const { samples, runtime } = this.options;
    const out = this.#folderOf(run);
    await mkdir(out, { recursive: true, mode: 0o700 });
    const claim = await this.#claims.tryClaim(out);
    if (claim === null) throw new AppError('output/locked', 'another Stillgrain goes on with this run already');
    try {
      const request = {
        ...(run.method === 'pairs'
          ? { photos: [], pairs: [...groupScenes(run.photos).scenes] }
          : { photos: run.photos, pairs: [] }),
        ...{ clean: run.clean, recipe: 'refine' as const },
        ...{ model: run.parent.model, minutes: run.minutes },
        ...{ out, rate: 1, seed: 1, runtime: runtime() },
        resume: await exists(join(out, 'notes.json')),
        samples: samples.folder(run.id),
      };
      const learning = work.engine.call(work.abort.signal, 'learn', request, undefined, (news) => {
        this.#hear(news, work);
      });
      work.held = false;
      this.#hold();
      return await learning;
    } finally {
      await claim.release();
    }
  }

  #hear(news: LearningNews, work: Work): void {
    const run = this.#run;
    if (run === null || this.#work !== work) return;
    if (news.type === 'samples') this.options.samples.show(news.parts);
    const progress = hearNews(run.progress, news);
    work.clock.follow(progress);
    this.#change({ progress });
  }

  #fail(run: StoredRun, error: unknown): void {
    const wire = toWireError(error);
    this.#change({ error: this.#withoutPaths(run, wire), hopeless: HOPELESS.test(wire.code) });
  }

  /** The window sees no paths. */
  #withoutPaths(run: StoredRun, { code, message }: WireError): WireError {
    return { code, message: message.replaceAll(this.#folderOf(run), "the run's folder") };
  }

  /** Has the engine wait, or go on, as the person and what is more urgent want it. */
  #hold(): void {
    const work = this.#work;
    const run = this.#run;
    if (work === null || run === null || work.held === null) return;
    const paused = work.paused || this.options.duty.busy;
    if (paused === work.held) return;
    work.held = paused;
    const params = { out: this.#folderOf(run), paused };
    // A run that has just ended is found no more, and needs no pause.
    void work.engine.call(work.abort.signal, 'pauseTraining', params).catch(() => undefined);
    this.#tell();
  }

  #change(change: Partial<StoredRun>): void {
    if (this.#run === null) return;
    this.#run = { ...this.#run, ...change };
    this.#saver.touch();
    this.#tell();
  }

  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.options.emit('train.changed', { run: this.view() });
    }, TELL_MS);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const noScenes = (): AppError =>
  new AppError(
    'usage/invalid',
    'no two of these photos are frames of one scene: put each scene in a folder, or name them alike (desk-1, desk-2)',
  );
