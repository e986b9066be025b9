import { dirname } from 'node:path';
import type {
  EventName,
  EventPayload,
  ExportPlan,
  ExportSettings,
  PhotoId,
  QueueEntry,
  QueueSnapshot,
  QueueStatus,
} from '../../preload/contract.js';
import type { DenoiseReport } from '../../preload/engine-protocol.js';
import { AppError, toWireError, type WireError } from '../core/errors.js';
import { ChangeFeed } from './export/change-feed.js';
import { Downloads, type Download } from './export/downloads.js';
import { planExport } from './export/export-plan.js';
import { entryView, statusView, tally } from './export/queue-view.js';
import type { BookEntry } from './export/run-book.js';
import { Runs, type RunSources } from './export/runs.js';
import { groupBy } from '../core/group-by.js';
import { checkFolder } from './output-folder.js';
import { ProgressMeter } from './progress-meter.js';
import { isSettled, type QueueEvent, type QueueItem } from './queue-item.js';
import { Queue } from './queue.js';

/** What the queue of a window needs of the rest of its host. */
export interface QueueServiceOptions extends RunSources {
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  /** Hears what a finished result says of its photo. */
  readonly onResult?: (photo: PhotoId, report: DenoiseReport) => void;
}

/** A photo in hand whose pixels have been worked on for longer is finished at a pause: it would be done twice. */
const PAUSE_LOSS_MS = 4_000;

/** What stops every photo, not only the one that met it. */
const DESTINATION_FAULTS: ReadonlySet<string> = new Set(['output/disk-full', 'output/read-only', 'output/gone']);

/**
 * The queue of a window: denoises photos straight into their export's destination, one entry a photo. What is left to do
 * is on the disk before it begins, and comes back paused after a restart or a kill. See docs/decisions/0006.
 */
export class QueueService {
  readonly #options: QueueServiceOptions;
  readonly #queue: Queue;
  readonly #runs: Runs;
  readonly #downloads = new Downloads();
  readonly #feed: ChangeFeed;
  readonly #closing = new AbortController();
  readonly #restored: Promise<void>;
  #meter = new ProgressMeter();
  #paused = false;
  #round = 0;
  #working: Promise<void> | null = null;
  #tail: Promise<unknown> = Promise.resolve();

  /** Takes up at once what an earlier process left; calls wait for that. */
  constructor(options: QueueServiceOptions) {
    this.#options = options;
    this.#queue = new Queue(options.engine, (event) => {
      this.#hear(event);
    });
    this.#runs = new Runs(options, this.#queue, (photo) => {
      this.#feed.changed(photo);
    });
    this.#feed = new ChangeFeed((changed, removed) => {
      const items = changed.map((photo) => this.#view(photo)).filter((entry) => entry !== null);
      options.emit('queue.changed', { items, removed: [...removed], status: this.#status() });
    });
    this.#restored = this.#inTurn(() => this.#restore()).catch((error: unknown) => {
      this.#notice('error', toWireError(error));
    });
  }

  /** All entries, and where the whole stands. */
  async list(): Promise<QueueSnapshot> {
    await this.#restored;
    const items = Array.from(this.#runs.book.entries.keys(), (photo) => this.#view(photo)!);
    return { items, status: this.#status() };
  }

  /** Says what an export would do. Photos that are not in the library are left out. */
  async plan(photos: readonly PhotoId[], settings: ExportSettings, signal: AbortSignal): Promise<ExportPlan> {
    const { photoOf, settingsOf, placeOf, state } = this.#options;
    const candidates = [];
    for (const id of new Set(photos)) {
      const photo = photoOf(id);
      if (photo !== null) candidates.push({ photo, settings: settingsOf(id) });
    }
    return planExport(signal, candidates, settings, placeOf, state);
  }

  /**
   * Puts photos into the queue, with their settings of this moment, and lets it go on if it was paused. An entry that
   * asks for the very same already stays; any other of the same photo is replaced.
   * @throws AppError when the destination or the template cannot be used, or the engine does not start.
   */
  start(photos: readonly PhotoId[], settings: ExportSettings): Promise<{ added: number }> {
    return this.#inTurn(async () => {
      const run = await this.#runs.create(this.#closing.signal, photos, settings);
      const enlisted = await this.#runs.enlist(run, run.photos);
      const added = enlisted.filter((photo) => !this.#runs.isSame(photo));
      if (!this.#hasWork()) {
        this.#round++;
        this.#meter = new ProgressMeter();
      }
      if (added.length > 0) await this.#runs.admit(run, added, this.#round);
      this.#go();
      return { added: added.length };
    });
  }

  /** Starts nothing more. A photo in hand is finished if it has been worked on for some seconds, else it waits again. */
  async pause(): Promise<void> {
    await this.#restored;
    if (!this.#hasWork()) return;
    this.#paused = true;
    this.#queue.pause(PAUSE_LOSS_MS);
    this.#feed.touch();
  }

  async resume(): Promise<void> {
    await this.#restored;
    this.#go();
  }

  /** Cancels photos, or everything that is not settled. Results that are there stay. */
  async cancel(photos: readonly PhotoId[] | null): Promise<void> {
    const cancel = (): Promise<void> =>
      this.#queue.cancel(this.#select(photos, (item) => !isSettled(item)).map(itemOf));
    await cancel();
    // Once more, for photos that were being added meanwhile.
    await this.#inTurn(cancel);
  }

  /** Does again, with the same settings, what failed or was cancelled. */
  retry(photos: readonly PhotoId[] | null): Promise<void> {
    return this.#inTurn(async () => {
      const leaving = this.#select(photos, (item) => !isSettled(item) && this.#queue.isCancelled(item.id));
      await this.#queue.released(leaving.map(itemOf));
      const again = this.#select(photos, ({ state }) => state === 'failed' || state === 'cancelled');
      for (const [id, entries] of groupBy(again, ({ run }) => run)) {
        const run = this.#runs.book.runs.get(id)!;
        const jobs = entries.map(({ job }) => job);
        await this.#runs.admit(run, await this.#runs.enlist(run, jobs), this.#round);
      }
      if (again.length > 0) this.#go();
    });
  }

  /** Forgets what is settled. Results stay, except those that were kept for download. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      const gone = this.#select(null, isSettled);
      for (const { job } of gone) this.#feed.removed(job.photo);
      await this.#runs.drop(gone);
    });
  }

  /**
   * What to show in the system's file manager: a photo's result, or the folder of the last run.
   * @throws AppError output/gone when it is not there.
   */
  async reveal(photo: PhotoId | null): Promise<{ readonly path: string; readonly kind: 'file' | 'folder' }> {
    await this.#restored;
    if (photo === null) {
      const path = this.#runs.lastFolder;
      if (path === null) throw new AppError('output/gone', 'nothing has been denoised yet');
      await checkFolder(path);
      return { path, kind: 'folder' };
    }
    const entry = this.#runs.book.entries.get(photo);
    const state = entry === undefined ? undefined : this.#runs.itemOf(entry).state;
    if (entry === undefined || (state !== 'done' && state !== 'skipped')) {
      throw new AppError('output/gone', 'there is no result of this photo yet');
    }
    await checkFolder(dirname(entry.output));
    return { path: entry.output, kind: 'file' };
  }

  /**
   * Prepares a zip of finished results.
   * @throws AppError output/gone when there are none.
   */
  async download(photos: readonly PhotoId[] | null): Promise<{ url: string; name: string; photos: number }> {
    await this.#restored;
    const finished = this.#select(photos, ({ state }) => state === 'done');
    if (finished.length === 0) throw new AppError('output/gone', 'there are no finished results to download');
    const entries = finished.map(({ output, label }) => ({ path: output, name: label }));
    const { id, name } = this.#downloads.prepare(entries, new Date());
    return { url: `download/${id}`, name, photos: finished.length };
  }

  /** The zip of an id that `download` gave, once; null: none. */
  takeDownload(id: string): Promise<Download | null> {
    return this.#downloads.take(id);
  }

  /** Stops, and leaves what is not done to the next process. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
    await this.#tail;
    this.#feed.flush();
    await this.#runs.close();
  }

  async #restore(): Promise<void> {
    for (const problem of await this.#runs.restore()) this.#notice('error', problem);
    if (!this.#hasWork()) return;
    this.#paused = true;
    this.#queue.pause();
    this.#feed.touch();
  }

  /** Lets the queue work. */
  #go(): void {
    if (this.#paused) this.#meter = new ProgressMeter();
    this.#paused = false;
    this.#queue.resume();
    this.#feed.touch();
    if (this.#working !== null || this.#closing.signal.aborted) return;
    this.#working = this.#work().finally(() => {
      this.#working = null;
      this.#feed.touch();
      // Something was added after the queue had found itself empty.
      if (!this.#paused && this.#hasWork()) this.#go();
    });
  }

  async #work(): Promise<void> {
    try {
      await this.#queue.run(this.#closing.signal);
      if (!this.#closing.signal.aborted) await this.#inTurn(() => this.#runs.settle());
    } catch (error) {
      // The engine does not start, or something that was not foreseen: either way the photos wait.
      this.#halt(toWireError(error));
    }
  }

  /** Pauses for a reason that the person has to see to. */
  #halt(reason: WireError): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#queue.pause(PAUSE_LOSS_MS);
    this.#notice('error', reason);
    this.#feed.touch();
  }

  #hear(event: QueueEvent): void {
    if (event.type === 'warning') {
      this.#notice('warning', event);
      return;
    }
    const { item } = event;
    const photo = this.#runs.book.photoOf(item.id);
    if (photo === undefined) return;
    this.#feed.changed(photo);
    if (event.type !== 'changed') return;
    if (item.state === 'done' && item.report !== null) this.#options.onResult?.(photo, item.report);
    if (item.error !== null && DESTINATION_FAULTS.has(item.error.code)) this.#halt(item.error);
  }

  #notice(level: 'warning' | 'error', { code, message }: { readonly code: string; readonly message: string }): void {
    this.#options.emit('app.notice', { level, code, message });
  }

  /** Entries of some photos, or of all, whose item is as asked for. */
  #select(photos: readonly PhotoId[] | null, wanted: (item: QueueItem) => boolean): BookEntry[] {
    const entries =
      photos === null
        ? Array.from(this.#runs.book.entries.values())
        : Array.from(new Set(photos), (photo) => this.#runs.book.entries.get(photo)).filter(
            (entry) => entry !== undefined,
          );
    return entries.filter((entry) => wanted(this.#runs.itemOf(entry)));
  }

  #hasWork(): boolean {
    for (const entry of this.#runs.book.entries.values()) if (!isSettled(this.#runs.itemOf(entry))) return true;
    return false;
  }

  #view(photo: PhotoId): QueueEntry | null {
    const entry = this.#runs.book.entries.get(photo);
    return entry === undefined ? null : entryView(photo, this.#runs.itemOf(entry), entry.label);
  }

  #status(): QueueStatus {
    const entries = Array.from(this.#runs.book.entries.values());
    const sums = tally(entries.filter(({ round }) => round === this.#round).map((entry) => this.#runs.itemOf(entry)));
    const downloadable = entries.some(
      (entry) =>
        this.#runs.itemOf(entry).state === 'done' &&
        this.#runs.book.runs.get(entry.run)?.export.destination?.kind === 'download',
    );
    const state = this.#hasWork() ? (this.#paused ? 'paused' : 'running') : 'idle';
    const reading =
      state === 'running' ? this.#meter.read(performance.now(), sums.worked, sums.bytes, sums.pixels) : null;
    return statusView(state, sums, reading, downloadable);
  }

  /** One change of what is to be done at a time, in the order asked for. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(change);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

const itemOf = (entry: BookEntry): string => entry.item;
