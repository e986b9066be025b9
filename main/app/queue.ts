import { dirname } from 'node:path';
import { toWireError } from '../core/errors.js';
import type { CallProgress } from './engine-client.js';
import { EngineDeath, EngineUnavailable } from './engine-errors.js';
import type { Engine } from './engine-supervisor.js';
import { ItemRunner, type Outcome } from './item-runner.js';
import type { NewRecord } from './journal.js';
import { isSettled, type PlannedItem, type QueueEvent, type QueueItem } from './queue-item.js';
import type { QueueStore } from './queue-store.js';
import { describeAttempts, firstAttempt, nextAttempt, type Attempt } from './retry.js';
import { sweepTemps } from './temp-sweep.js';

/** Photos given to the engine at once: it decodes the next and encodes the last while one is being denoised. */
const WINDOW = 4;
/** How often to look again at outputs that another process has claimed, give or take: two must not keep step. */
const CLAIM_POLL_MS = 250;

interface Entry {
  readonly item: { -readonly [K in keyof QueueItem]: QueueItem[K] };
  readonly store: QueueStore;
  readonly runner: ItemRunner;
  readonly cancel: AbortController;
  /** Takes it back from the engine, to wait again. */
  back: AbortController;
  attempt: Attempt;
  /** Whether another photo was in the engine during the attempt, so that a crash does not tell whose fault it is. */
  shared: boolean;
  /** Whether it must have the engine to itself. */
  suspect: boolean;
  /** When its pixels were first worked on in this attempt; null: not yet. */
  workedSince: number | null;
  /** The attempt in hand. */
  running: Promise<void> | null;
}

/**
 * Works through photos, several at once, and writes down what became of each, so that a kill at any moment costs no
 * more than the photos in hand. Photos of several output folders share one queue, since they share one engine.
 */
export class Queue {
  readonly #entries = new Map<string, Entry>();
  /** Not started yet, in order. */
  readonly #fresh: Entry[] = [];
  /** Were in the engine when it died, or failed in a way worth another attempt: each runs with no other beside it. */
  readonly #suspects: Entry[] = [];
  /** Claimed by another process when last looked at. */
  readonly #deferred: Entry[] = [];
  readonly #active = new Set<Entry>();
  readonly #inEngine = new Set<Entry>();
  #suspectActive = false;
  #paused = false;
  #warned = false;
  #providerFailed = false;
  #fatal: EngineUnavailable | null = null;
  #wake: () => void = () => undefined;

  constructor(
    private readonly engine: Engine,
    private readonly onEvent: (event: QueueEvent) => void = () => undefined,
  ) {}

  /** All items in the order in which they were added. */
  get items(): readonly QueueItem[] {
    return Array.from(this.#entries.values(), (entry) => entry.item);
  }

  /**
   * Adds items and writes them down in the store of their output folder. One that the queue has is left as it is, unless
   * it is settled: then it is done again.
   */
  async add(planned: readonly PlannedItem[], store: QueueStore): Promise<void> {
    // One for each addition: what was finished before it is another run's, what is finished after it is not.
    const runner = new ItemRunner(store, this.engine, (records) => this.#write(store, records));
    const records: NewRecord[] = [];
    const jobs = new Set(store.records.jobs.keys());
    for (const plan of planned) {
      const present = this.#entries.get(plan.id);
      if (present !== undefined && !isSettled(present.item)) continue;
      const entry = newEntry(plan, store, runner);
      if (this.#providerFailed) leaveProvider(entry);
      this.#entries.set(plan.id, entry);
      if (plan.error === null) this.#fresh.push(entry);
      const { jobId, settings, encode } = plan.task;
      if (!jobs.has(jobId)) records.push({ type: 'job', job: jobId, settings, encode });
      jobs.add(jobId);
      const { id, input, output, key } = plan;
      const known = store.records.items.get(id);
      if (known?.key !== key || known.output !== output) {
        records.push({ type: 'item', id, job: jobId, input, output, key });
      }
    }
    if (records.length > 0) await this.#write(store, records);
    this.#wake();
  }

  /** An item as it is now. */
  item(id: string): QueueItem | undefined {
    return this.#entries.get(id)?.item;
  }

  /** Whether an item was cancelled, even if its attempt is still in hand. */
  isCancelled(id: string): boolean {
    return this.#entries.get(id)?.cancel.signal.aborted === true;
  }

  /** Drops settled items; what was written of them stays. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry !== undefined && isSettled(entry.item)) this.#entries.delete(id);
    }
  }

  /**
   * Works until nothing is waiting, or until the abort, after which what was in hand is waiting again.
   * @throws EngineUnavailable when the engine cannot be started: items keep waiting.
   */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => {
      this.#wake();
    };
    this.#fatal = null;
    this.#providerFailed = false;
    signal.addEventListener('abort', onAbort);
    try {
      while (!this.#isOver(signal)) {
        for (let next = this.#next(signal); next !== null; next = this.#next(signal)) this.#start(next, signal);
        await this.#something();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    // Assigned while this loop waited, which the compiler does not see.
    const fatal = this.#fatal as EngineUnavailable | null;
    if (fatal !== null) throw fatal;
  }

  /** Writes down that the commands of all items have come to their end: nothing of them is left to go on with. */
  async end(): Promise<void> {
    const stores = new Map<QueueStore, Set<string>>();
    for (const { store, item } of this.#entries.values()) {
      stores.set(store, (stores.get(store) ?? new Set()).add(item.task.batch));
    }
    for (const [store, batches] of stores) {
      await this.#write(
        store,
        Array.from(batches, (batch) => ({ type: 'end', batch })),
      );
    }
  }

  /**
   * Starts nothing more until `resume`. What is in hand is finished, except what loses no more than `lossMs` of work:
   * that is taken back and waits again.
   */
  pause(lossMs = 0): void {
    this.#paused = true;
    const now = performance.now();
    for (const entry of this.#active) {
      const worked = entry.workedSince === null ? 0 : now - entry.workedSince;
      if (worked < lossMs) entry.back.abort();
    }
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  /** Cancels items, whether they wait or run; one in hand settles when the engine has answered. */
  async cancel(ids: Iterable<string>): Promise<void> {
    const waiting = new Set<Entry>();
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry === undefined || isSettled(entry.item)) continue;
      entry.cancel.abort();
      if (!this.#active.has(entry)) waiting.add(entry);
    }
    if (waiting.size === 0) return;
    const records = new Map<QueueStore, NewRecord[]>();
    for (const list of [this.#fresh, this.#suspects, this.#deferred]) {
      list.splice(0, Infinity, ...list.filter((entry) => !waiting.has(entry)));
    }
    for (const entry of waiting) {
      this.#change(entry, { state: 'cancelled' });
      const batch = records.get(entry.store) ?? [];
      batch.push({ type: 'cancelled', id: entry.item.id });
      records.set(entry.store, batch);
    }
    this.#wake();
    await Promise.all(Array.from(records, ([store, batch]) => this.#write(store, batch)));
  }

  /** Cancels everything that is not settled. */
  async cancelAll(): Promise<void> {
    await this.cancel(this.items.map((item) => item.id));
  }

  /** Resolves when no attempt at these items is in hand. */
  async released(ids: Iterable<string>): Promise<void> {
    await Promise.all(Array.from(ids, (id) => this.#entries.get(id)?.running ?? Promise.resolve()));
  }

  #isOver(signal: AbortSignal): boolean {
    if (this.#active.size > 0) return false;
    const stopped = signal.aborted || this.#fatal !== null;
    return stopped || this.#fresh.length + this.#suspects.length + this.#deferred.length === 0;
  }

  #next(signal: AbortSignal): Entry | null {
    if (signal.aborted || this.#fatal !== null || this.#paused || this.#suspectActive) return null;
    if (this.#suspects.length > 0) {
      if (this.#active.size > 0) return null;
      this.#suspectActive = true;
      return this.#suspects.shift()!;
    }
    return this.#active.size < WINDOW ? (this.#fresh.shift() ?? null) : null;
  }

  /** Waits for the next change that may let another item start. */
  #something(): Promise<void> {
    return new Promise((resolve) => {
      const timer =
        this.#deferred.length === 0
          ? undefined
          : setTimeout(
              () => {
                this.#fresh.push(...this.#deferred.splice(0));
                this.#wake();
              },
              CLAIM_POLL_MS * (0.5 + Math.random()),
            );
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #start(entry: Entry, signal: AbortSignal): void {
    this.#active.add(entry);
    entry.shared = false;
    entry.workedSince = null;
    entry.back = new AbortController();
    this.#change(entry, { state: 'running' });
    entry.running = this.#attempt(entry, AbortSignal.any([signal, entry.cancel.signal, entry.back.signal]));
  }

  async #attempt(entry: Entry, signal: AbortSignal): Promise<void> {
    const listener = {
      onProgress: ({ stage, fraction, pixels }: CallProgress) => {
        if (stage === 'denoise') entry.workedSince ??= performance.now();
        // All work is done: the file alone is missing.
        if (stage === 'encode') entry.workedSince = -Infinity;
        entry.item.fraction = Math.max(entry.item.fraction, fraction);
        entry.item.pixels = Math.max(entry.item.pixels, pixels);
        this.onEvent({ type: 'progress', item: entry.item });
      },
      onEngine: (inside: boolean) => {
        if (inside) this.#inEngine.add(entry);
        else this.#inEngine.delete(entry);
        if (this.#inEngine.size > 1) for (const other of this.#inEngine) other.shared = true;
      },
    };
    try {
      this.#settle(entry, await entry.runner.run(signal, entry.item, entry.attempt.runtime, listener));
    } catch (error) {
      await this.#setBack(entry, error);
    } finally {
      this.#active.delete(entry);
      entry.running = null;
      if (this.#active.size === 0) this.#suspectActive = false;
      this.#wake();
    }
  }

  #settle(entry: Entry, outcome: Outcome): void {
    if (outcome.type === 'claimed') {
      this.#deferred.push(entry);
      this.#change(entry, { state: 'waiting' });
    } else if (outcome.type === 'skipped') {
      this.#change(entry, { state: 'skipped', skipped: outcome.reason, fraction: 1 });
    } else {
      this.#change(entry, { state: 'done', report: outcome.report, fraction: 1 });
    }
  }

  async #setBack(entry: Entry, error: unknown): Promise<void> {
    const { id, output } = entry.item;
    const wire = toWireError(error);
    if (wire.code === 'engine/cancelled') {
      // An abort of the whole run writes nothing: the item is simply not done yet.
      if (!entry.cancel.signal.aborted) {
        this.#putBack(entry);
        return;
      }
      this.#change(entry, { state: 'cancelled' });
      await this.#write(entry.store, [{ type: 'cancelled', id }]);
      return;
    }
    // A dead engine cannot take away what it was writing.
    if (error instanceof EngineDeath) await sweepTemps([dirname(output)], [output]);
    if (error instanceof EngineUnavailable) {
      this.#fatal = error;
      this.#putBack(entry);
      return;
    }
    // Nobody knows which of several photos the engine died of, or whose unfinished file filled the disk: each gets the
    // same attempt again, on its own.
    const diskFull = wire.code === 'output/disk-full' && (entry.shared || this.#active.size > 1);
    // One that died on an accelerator needs no suspect: the processor can do them all.
    const blamed = wire.code === 'engine/provider';
    const innocent = diskFull || (error instanceof EngineDeath && entry.shared && !blamed);
    const next = innocent ? entry.attempt : nextAttempt(entry.attempt, wire.code);
    if (next !== null) {
      if (blamed) this.#leaveProvider(wire.message);
      entry.attempt = next;
      entry.suspect = true;
      this.#putBack(entry);
      return;
    }
    const reason = { code: wire.code, message: wire.message + describeAttempts(entry.attempt) };
    this.#change(entry, { state: 'failed', error: reason });
    await this.#write(entry.store, [{ type: 'failed', id, error: reason }]);
  }

  /** Lets an item wait again, before those that were never tried. */
  #putBack(entry: Entry): void {
    if (entry.suspect) this.#suspects.push(entry);
    else this.#fresh.unshift(entry);
    this.#change(entry, { state: 'waiting' });
  }

  /** An accelerator that failed one photo fails the others: they go straight to the CPU, and the person is told once. */
  #leaveProvider(reason: string): void {
    if (this.#providerFailed) return;
    this.#providerFailed = true;
    this.#fresh.forEach(leaveProvider);
    const message = `${reason}; photos are denoised on the CPU instead`;
    this.onEvent({ type: 'warning', code: 'engine/provider', message });
  }

  #change(entry: Entry, change: Partial<QueueItem>): void {
    Object.assign(entry.item, change);
    this.onEvent({ type: 'changed', item: entry.item });
  }

  async #write(store: QueueStore, records: readonly NewRecord[]): Promise<void> {
    try {
      await store.write(records);
    } catch (error) {
      if (this.#warned) return;
      this.#warned = true;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the queue's journal cannot be written (${reason}): photos go on, but a resumed run may repeat some`;
      this.onEvent({ type: 'warning', code: 'queue/journal', message });
    }
  }
}

const leaveProvider = (entry: Entry): void => {
  entry.attempt = nextAttempt(entry.attempt, 'engine/provider') ?? entry.attempt;
};

function newEntry(plan: PlannedItem, store: QueueStore, runner: ItemRunner): Entry {
  const state = plan.error === null ? 'waiting' : 'failed';
  return {
    item: { ...plan, state, fraction: 0, pixels: 0, skipped: null, report: null },
    store,
    runner,
    cancel: new AbortController(),
    back: new AbortController(),
    attempt: firstAttempt(plan.task.runtime),
    shared: false,
    suspect: false,
    workedSince: null,
    running: null,
  };
}
