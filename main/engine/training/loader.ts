import { Worker } from 'node:worker_threads';
import type { DataRecipe } from '../../../preload/training/data-recipe.js';
import { AppError, fromWireError } from '../../core/errors.js';
import type { TrainingBatch } from './batches.js';
import type { LoaderReply, LoaderRequest, LoaderTask } from './loader-messages.js';
import type { PhotoProblem } from './photos.js';

export type { TrainingBatch } from './batches.js';

/** Batches made ahead: enough to outlast the slowest, and 5 MiB each at 16 crops of 96x96. */
const DEFAULT_AHEAD = 4;

export interface LoaderOptions {
  readonly photos: readonly string[];
  readonly recipe: DataRecipe;
  /** Its low 32 bits count. */
  readonly seed: number;
  /** Step of the first batch. */
  readonly firstStep: number;
  /** Batches made ahead of the one that is taken; what they hold does not depend on it. */
  readonly ahead?: number;
  /** Bytes of photos to keep in memory; others are read again when their turn comes. */
  readonly budget?: number;
  /** Whether `photos` are all there are: the usable ones are then split as the recipe says, see `heldOut`. */
  readonly holdOut?: boolean;
  readonly signal?: AbortSignal;
  /** Called with the share of photos that were read, in [0,1], while it opens. */
  readonly onProgress?: (fraction: number) => void;
}

/** The batches of a run, in order of their steps, made in a thread of its own: the runtime blocks the one it runs in. */
export class BatchLoader {
  /** Photos that are trained on, sorted. */
  photos: readonly string[] = [];
  /** Photos that were held out, if that was asked for; sorted. */
  heldOut: readonly string[] = [];
  /** Photos that cannot be used. */
  problems: readonly PhotoProblem[] = [];

  private readonly ready: TrainingBatch[] = [];
  private readonly ended: Promise<void>;
  private failure: AppError | null = null;
  private opened = false;
  /** Called when something came that someone may be waiting for. */
  private notify: () => void = () => undefined;

  private constructor(
    private readonly worker: Worker,
    onProgress: ((fraction: number) => void) | undefined,
  ) {
    worker.on('message', (reply: LoaderReply) => {
      if (reply.type === 'progress') onProgress?.(reply.fraction);
      else this.receive(reply);
    });
    worker.on('error', (error) => {
      this.fail(new AppError('engine/internal', `batches cannot be made: ${String(error)}`, { cause: error }));
    });
    this.ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.fail(new AppError('engine/crashed', 'the thread that makes batches ended'));
        resolve();
      });
    });
  }

  /**
   * Starts the thread and waits until it has read all photos.
   * @throws AppError input/not-found when none can be used, engine/cancelled
   */
  static async open(options: LoaderOptions): Promise<BatchLoader> {
    const { photos, recipe, seed, firstStep, ahead = DEFAULT_AHEAD, budget = null, holdOut = false } = options;
    const task: LoaderTask = { photos, recipe, seed, firstStep, ahead, budget, holdOut };
    const worker = new Worker(new URL('./loader-worker.js', import.meta.url), { workerData: task });
    const loader = new BatchLoader(worker, options.onProgress);
    try {
      await loader.until(() => loader.opened, options.signal);
      return loader;
    } catch (error) {
      await loader.close();
      throw error;
    }
  }

  /**
   * The batch of the next step. The caller owns it. One call at a time.
   * @throws AppError what the thread failed with, once the batches before it are taken; engine/cancelled
   */
  async next(signal: AbortSignal): Promise<TrainingBatch> {
    await this.until(() => this.ready.length > 0, signal);
    this.post({ type: 'taken' });
    return this.ready.shift()!;
  }

  /** Ends the thread, after the batch that it is making. */
  async close(): Promise<void> {
    this.ready.length = 0;
    this.fail(new AppError('engine/cancelled', 'the batches were closed'));
    this.post({ type: 'close' });
    await this.ended;
  }

  private receive(reply: Exclude<LoaderReply, { type: 'progress' }>): void {
    switch (reply.type) {
      case 'opened':
        this.opened = true;
        this.photos = reply.photos;
        this.heldOut = reply.heldOut;
        this.problems = reply.problems;
        break;
      case 'batch':
        if (this.failure === null) this.ready.push(reply.batch);
        break;
      case 'error':
        this.fail(fromWireError(reply.error));
    }
    this.notify();
  }

  /** The first failure is the one that counts: others follow from it. */
  private fail(error: AppError): void {
    this.failure ??= error;
    this.notify();
  }

  private post(request: LoaderRequest): void {
    this.worker.postMessage(request);
  }

  private async until(isThere: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    const cancelled = (): AppError => new AppError('engine/cancelled', 'cancelled');
    const wake = (): void => {
      this.notify();
    };
    if (signal?.aborted) throw cancelled();
    signal?.addEventListener('abort', wake, { once: true });
    try {
      while (!isThere()) {
        if (this.failure !== null) throw this.failure;
        await new Promise<void>((resolve) => {
          this.notify = resolve;
        });
        if (signal?.aborted) throw cancelled();
      }
    } finally {
      signal?.removeEventListener('abort', wake);
    }
  }
}
