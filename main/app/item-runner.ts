import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RuntimeSettings } from '../../preload/contract.js';
import type { DenoiseReport } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { decide, type Disposition, type SkipReason } from './disposition.js';
import type { ProgressListener } from './engine-client.js';
import { cancelled } from './engine-errors.js';
import type { Engine } from './engine-supervisor.js';
import { outputError } from './fs-errors.js';
import type { FileStamp, NewRecord } from './journal.js';
import { checkFolder, freeBytes } from './output-folder.js';
import type { PlannedItem } from './queue-item.js';
import type { QueueStore } from './queue-store.js';

/** How one attempt at an item ended. */
export type Outcome =
  | { readonly type: 'done'; readonly report: DenoiseReport | null }
  | { readonly type: 'skipped'; readonly reason: SkipReason }
  /** Another process is writing this output. */
  | { readonly type: 'claimed' };

/** Writes records, come what may: a journal that cannot be written must not stop the photos. */
export type RecordWriter = (records: readonly NewRecord[]) => Promise<void>;

/** Watches an item on its way through the engine. */
export interface RunListener {
  readonly onProgress: ProgressListener;
  /** Around the time that the item is with the engine. */
  readonly onEngine: (inside: boolean) => void;
}

/** Takes single items from decision to result: what is there already, whose it is, the engine's work, the record of it. */
export class ItemRunner {
  readonly #openedAt: number;
  readonly #settledAt: ReadonlyMap<string, number>;
  #diskWasFull = false;

  constructor(
    private readonly store: QueueStore,
    private readonly engine: Engine,
    private readonly write: RecordWriter,
  ) {
    this.#openedAt = Math.max(Date.now(), store.records.latest + 1);
    // As it was at the start: another process that comes to its end meanwhile must not make us do its work again.
    this.#settledAt = new Map(store.records.ends);
  }

  /**
   * Makes one attempt.
   * @throws AppError with the reason; EngineDeath when the engine died of this item or of one beside it.
   */
  async run(signal: AbortSignal, item: PlannedItem, runtime: RuntimeSettings, listener: RunListener): Promise<Outcome> {
    const first = await this.#decide(item);
    // What is known to be done needs no claim. A file of unknown origin may be another process's newest result.
    if (first.action === 'skip' && first.reason !== 'exists') return { type: 'skipped', reason: first.reason };
    const claim = await this.store.claims.tryClaim(item.output).catch(stateError);
    if (claim === null) return { type: 'claimed' };
    try {
      // Whoever held the claim before us may just have written this very file.
      await this.store.refresh().catch(stateError);
      const disposition = await this.#decide(item);
      if (disposition.action === 'skip') return { type: 'skipped', reason: disposition.reason };
      if (disposition.action === 'recover') return await this.#finish(item, null);
      if (signal.aborted) throw cancelled();
      const report = await this.#denoise(signal, item, runtime, disposition.overwrite, listener);
      return await this.#finish(item, report);
    } catch (error) {
      if (error instanceof AppError && error.code === 'output/exists') return { type: 'skipped', reason: 'exists' };
      if (error instanceof AppError && error.code === 'output/disk-full') this.#diskWasFull = true;
      throw error;
    } finally {
      await claim.release();
    }
  }

  async #decide({ id, key, output, task }: PlannedItem): Promise<Disposition> {
    return decide({
      policy: task.policy,
      key,
      batch: task.batch,
      record: this.store.records.items.get(id),
      current: await stampOf(output),
      openedAt: this.#openedAt,
      settledAt: this.#settledAt.get(task.batch) ?? 0,
    });
  }

  async #denoise(
    signal: AbortSignal,
    item: PlannedItem,
    runtime: RuntimeSettings,
    overwrite: boolean,
    listener: RunListener,
  ): Promise<DenoiseReport> {
    const { id, key, input, output, task } = item;
    const folder = dirname(output);
    if (item.base !== undefined) await checkFolder(item.base);
    await this.#checkSpace(item, folder);
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw outputError(error, folder);
    });
    await this.write([{ type: 'running', id, key, batch: task.batch, before: await stampOf(output) }]);
    const { settings, encode } = task;
    listener.onEngine(true);
    try {
      const request = { input, output, overwrite, settings, encode, runtime };
      return await this.engine.call(signal, 'denoise', request, listener.onProgress);
    } catch (error) {
      // A disk that is unplugged while a result is written has many ways to say so.
      const maybeGone = error instanceof AppError && error.code.startsWith('output/');
      if (maybeGone && item.base !== undefined) await checkFolder(item.base);
      throw error;
    } finally {
      listener.onEngine(false);
    }
  }

  /** Once the disk was full, photos that are bigger than what is left fail at once instead of after all the work. */
  async #checkSpace(item: PlannedItem, folder: string): Promise<void> {
    if (!this.#diskWasFull || (await freeBytes(folder)) > item.size) return;
    throw new AppError('output/disk-full', `the disk is full: no room for this photo in ${folder}`);
  }

  async #finish({ id, key, output, task }: PlannedItem, report: DenoiseReport | null): Promise<Outcome> {
    const written = await stampOf(output);
    if (written === null) throw new AppError('output/failed', 'the result was removed as soon as it was written');
    await this.write([{ type: 'done', id, key, batch: task.batch, written, report }]);
    return { type: 'done', report };
  }
}

function stateError(error: unknown): never {
  throw outputError(error, 'the state folder');
}

async function stampOf(path: string): Promise<FileStamp | null> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return { size, mtimeMs, ino };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw outputError(error, path);
  }
}
