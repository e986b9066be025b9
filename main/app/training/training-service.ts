import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoId, RuntimeSettings, TrainingRun, TrainStart, VaeStart } from '../../../preload/contract.js';
import { AppError, toWireError, type WireError } from '../../core/errors.js';
import { Claims } from '../claims.js';
import type { Duty } from '../duty.js';
import type { Emit } from '../events.js';
import { outputError } from '../fs-errors.js';
import type { ImagePool } from '../images.js';
import type { Library } from '../library/library.js';
import type { ModelLibrary } from '../model-library.js';
import { newOwner } from '../owner.js';
import { learningFolder, trainingClaimsFolder } from '../state-folder.js';
import { saveFault, Saver } from '../stored-file.js';
import type { VaeLibrary } from '../vae-library.js';
import { RunClock } from './eta.js';
import { LearnWay } from './learn-way.js';
import type { Progress } from './progress.js';
import { RunFile, type StoredRun } from './run-file.js';
import { SampleImages } from './sample-images.js';
import { SheetImage } from './sheet-image.js';
import type { TrainingEngine } from './training-engine.js';
import { VaeWay } from './vae-way.js';
import type { NewRun, Way } from './way.js';

export interface TrainingOptions {
  /** The state folder. */
  readonly state: string;
  /** What the window remembers. */
  readonly folder: string;
  readonly launch: () => TrainingEngine;
  readonly library: Pick<Library, 'get'>;
  readonly models: ModelLibrary;
  readonly vaes: VaeLibrary;
  /** Folder of the recipes that ship. */
  readonly recipes: string;
  /** The model that a run starts from. @throws AppError where there is none of this name */
  readonly parentOf: (model: string) => Promise<NonNullable<StoredRun['parent']>>;
  readonly runtime: () => RuntimeSettings;
  /** What goes before training. */
  readonly duty: Duty;
  readonly emit: Emit;
  /** Folder for pictures, of this process alone, and what serves and owns them. */
  readonly pictures: string;
  readonly images: ImagePool;
  /** A denoiser, or a VAE, was taken into its library. */
  readonly onKept: () => void;
  readonly onVaeKept: () => void;
}

/** News come many times a second while photos are read. */
const TELL_MS = 250;
const SAVE_MS = 1000;

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
 * Trains denoisers and VAEs on the person's photos, one run at a time, in an engine process of its own. Denoising and
 * previews go first. A run is remembered: what a quit, a kill or an error has stopped is gone on with when the person says
 * so.
 */
export class TrainingService {
  readonly #file: RunFile;
  readonly #saver: Saver;
  readonly #claims: Claims;
  readonly #samples: SampleImages;
  readonly #sheet: SheetImage;
  readonly #learn: LearnWay;
  readonly #vae: VaeWay;
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
    const { models, vaes, recipes, parentOf, runtime, pictures, images, onKept, onVaeKept } = options;
    const pathOf = (photo: PhotoId): string => options.library.get(photo).path;
    this.#samples = new SampleImages(join(pictures, 'samples'), images);
    this.#sheet = new SheetImage(join(pictures, 'sheets'), images, () => {
      this.#tell();
    });
    this.#learn = new LearnWay({ models, parentOf, pathOf, runtime, samples: this.#samples, onKept });
    this.#vae = new VaeWay({ vaes, recipes, pathOf, runtime, sheet: this.#sheet, onKept: onVaeKept });
    options.duty.onChange(() => {
      this.#hold();
    });
  }

  /** Reads what an earlier process left; nothing is started. */
  async load(): Promise<void> {
    const run = await this.#file.read();
    this.#run = run;
    if (run !== null && isOfVae(run)) await this.#vae.showSheet(run, this.#folderOf(run));
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
      parent: parent?.name ?? null,
      photos: photos.length,
      clean: clean.length,
      waits: state === 'running' && this.options.duty.busy,
      etaMs: work === null ? null : work.clock.remaining(progress, minutes, isOfVae(run) ? 'nothing' : 'judging'),
      samples: this.#samples.shown,
      sheet: this.#sheet.shown,
    };
  }

  /** @throws AppError usage/invalid while another run is unfinished, input/not-found, model/... */
  start(request: TrainStart): Promise<void> {
    return this.#startNew(() => this.#learn.plan(request));
  }

  /** The same for a VAE. */
  startVae(request: VaeStart): Promise<void> {
    return this.#startNew(() => this.#vae.plan(request));
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

  async #startNew(plan: () => Promise<NewRun>): Promise<void> {
    if (this.#run !== null && this.#run.result === null) {
      throw new AppError('usage/invalid', 'another training run is unfinished: go on with it, or discard it');
    }
    const planned = await plan();
    await this.#forget();
    const run: StoredRun = {
      ...{ v: 1, id: randomBytes(8).toString('hex'), ...planned },
      ...{ error: null, hopeless: false, result: null },
    };
    this.#run = run;
    this.#begin(run);
  }

  #wayOf(run: StoredRun): Way {
    return isOfVae(run) ? this.#vae : this.#learn;
  }

  /** The folder of a run of the window; the command's runs have others. */
  #folderOf({ id }: StoredRun): string {
    return join(learningFolder(this.options.state), `window-${id}`);
  }

  async #forget(): Promise<void> {
    if (this.#run !== null)
      await rm(this.#folderOf(this.#run), { recursive: true, force: true }).catch(() => undefined);
    this.#run = null;
    await Promise.all([this.#samples.clear(), this.#sheet.clear()]);
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
    try {
      const result = await this.#claimed(run, (out) =>
        this.#wayOf(run).carryOut(run, {
          engine: work.engine,
          signal: work.abort.signal,
          out,
          hear: (change) => {
            this.#hear(change, work);
          },
          begun: () => {
            work.held = false;
            this.#hold();
          },
        }),
      );
      this.#change({ result });
      // All that is worth keeping of it is in the library.
      await rm(this.#folderOf(run), { recursive: true, force: true }).catch(() => undefined);
    } catch (error) {
      if (!work.abort.signal.aborted) this.#fail(run, error);
    }
    this.#work = null;
    this.#change({});
    await work.engine.shutdown().catch(() => undefined);
  }

  /** Has something done in the run's folder, where no other process is at work. @throws AppError output/locked */
  async #claimed<T>(run: StoredRun, work: (out: string) => Promise<T>): Promise<T> {
    const out = this.#folderOf(run);
    await mkdir(out, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw outputError(error, out);
    });
    const claim = await this.#claims.tryClaim(out);
    if (claim === null) throw new AppError('output/locked', 'another Stillgrain goes on with this run already');
    try {
      return await work(out);
    } finally {
      await claim.release();
    }
  }

  #hear(change: (before: Progress) => Progress, work: Work): void {
    const run = this.#run;
    if (run === null || this.#work !== work) return;
    const progress = change(run.progress);
    work.clock.follow(progress);
    this.#change({ progress });
  }

  #fail(run: StoredRun, error: unknown): void {
    const wire = toWireError(error);
    this.#change({ error: this.#withoutPaths(run, wire), hopeless: this.#wayOf(run).hopeless.test(wire.code) });
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

const isOfVae = ({ method }: Pick<StoredRun, 'method'>): boolean => method === 'vae' || method === 'vae-gan';
