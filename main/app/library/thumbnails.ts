import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoId } from '../../../preload/contract.js';
import { AppError, toWireError } from '../../core/errors.js';
import { cancelled, EngineDeath, readWireError } from '../engine-errors.js';
import type { Engine } from '../engine-supervisor.js';
import type { Library } from './library.js';
import { thumbnailKey, type Thumbnail, type ThumbnailCache } from './thumbnail-cache.js';

/** So many thumbnails are made at once: decoding one uses little more than one core. */
const AT_ONCE = 2;
/** Deaths of the engine beside a photo; after the first it runs alone, so the second is its own. */
const MAX_DEATHS = 2;

interface Job {
  readonly photo: PhotoId;
  readonly size: number;
  readonly key: string;
  readonly waiters: Set<Waiter>;
  running: boolean;
  deaths: number;
}

interface Waiter {
  readonly resolve: (thumbnail: Thumbnail) => void;
  readonly reject: (error: unknown) => void;
}

export interface ThumbnailsOptions {
  readonly library: Library;
  /** The imaging engine. */
  readonly engine: Engine;
  readonly cache: ThumbnailCache;
  /** For unfinished files: on the cache's own disk. */
  readonly scratch: string;
}

/**
 * Makes thumbnails as they come into view: the newest request first, since it is what is on the screen, and none that
 * nobody waits for any more.
 */
export class Thumbnails {
  readonly #jobs = new Map<string, Job>();
  #running = 0;
  #alone = false;

  constructor(private readonly options: ThumbnailsOptions) {}

  /**
   * The thumbnail of a photo; shares the work with whoever asks for the same.
   * @throws AppError the photo's own fault, which its entry says too; engine/cancelled
   */
  async get(signal: AbortSignal, photo: PhotoId, size: number): Promise<Thumbnail> {
    const { library, cache } = this.options;
    const record = await library.refresh(photo);
    // Not tried again until the file changes.
    if (record.error !== null) throw readWireError(record.error);
    const key = thumbnailKey(record, size);
    // Without its size the entry would stay without one: an entry that is new looks at its photo once.
    const cached = record.width === null ? null : await cache.get(key);
    if (signal.aborted) throw cancelled();
    return cached ?? this.#wait(signal, this.#jobs.get(key) ?? this.#job(key, photo, size));
  }

  #job(key: string, photo: PhotoId, size: number): Job {
    const job: Job = { photo, size, key, waiters: new Set(), running: false, deaths: 0 };
    this.#jobs.set(key, job);
    return job;
  }

  #wait(signal: AbortSignal, job: Job): Promise<Thumbnail> {
    // Asked for again: on the screen again, so first in the row.
    if (this.#jobs.delete(job.key)) this.#jobs.set(job.key, job);
    const { promise, resolve, reject } = withResolvers<Thumbnail>();
    const waiter: Waiter = { resolve, reject };
    job.waiters.add(waiter);
    const onAbort = (): void => {
      job.waiters.delete(waiter);
      if (job.waiters.size === 0 && !job.running) this.#jobs.delete(job.key);
      reject(cancelled());
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#pump();
    return promise.finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  }

  #pump(): void {
    while (this.#running < AT_ONCE && !this.#alone) {
      const job = [...this.#jobs.values()].findLast((candidate) => !candidate.running);
      if (job === undefined) return;
      const suspect = job.deaths > 0;
      // With others beside it, nobody could tell whose fault the next death is.
      if (suspect && this.#running > 0) return;
      this.#alone = suspect;
      this.#running++;
      job.running = true;
      void this.#run(job).finally(() => {
        this.#running--;
        this.#alone = false;
        this.#pump();
      });
    }
  }

  async #run(job: Job): Promise<void> {
    try {
      const thumbnail = await this.#make(job);
      this.#jobs.delete(job.key);
      for (const waiter of job.waiters) waiter.resolve(thumbnail);
    } catch (error) {
      if (error instanceof EngineDeath && error.code !== 'engine/cancelled' && ++job.deaths < MAX_DEATHS) {
        job.running = false;
        if (job.waiters.size === 0) this.#jobs.delete(job.key);
        return;
      }
      this.#jobs.delete(job.key);
      const isOwnFault = error instanceof EngineDeath ? job.deaths >= MAX_DEATHS : isInputFault(error);
      if (isOwnFault) this.options.library.learn(job.photo, { error: toWireError(error) });
      for (const waiter of job.waiters) waiter.reject(error);
    }
  }

  async #make({ photo, size, key }: Job): Promise<Thumbnail> {
    const { library, engine, cache, scratch } = this.options;
    const output = join(scratch, `thumbnail-${randomBytes(6).toString('hex')}`);
    try {
      const { path } = library.get(photo);
      // Nobody's abort: it is nearly done, and whoever scrolls back will want it.
      const made = await engine.call(new AbortController().signal, 'thumbnail', { input: path, output, size });
      library.learn(photo, { ...made.photo, format: made.format });
      return await cache.put(key, output, made.contentType, made.width, made.height);
    } finally {
      await rm(output, { force: true }).catch(() => undefined);
    }
  }
}

const isInputFault = (error: unknown): boolean => error instanceof AppError && error.code.startsWith('input/');

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
