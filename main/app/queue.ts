import { toWireError } from '../core/errors.js';
import { EngineDeath, EngineUnavailable } from './engine-errors.js';
import type { Engine } from './engine-supervisor.js';
import { ItemRunner, type Outcome } from './item-runner.js';
import type { NewRecord } from './journal.js';
import { isSettled, type PlannedItem, type QueueEvent, type QueueItem } from './queue-item.js';
import type { QueueStore } from './queue-store.js';
import { describeAttempts, firstAttempt, nextAttempt, type Attempt } from './retry.js';

/** Photos given to the engine at once: it decodes the next and encodes the last while one is being denoised. */
const WINDOW = 4;
/** How often to look again at outputs that another process has claimed, give or take: two must not keep step. */
const CLAIM_POLL_MS = 250;

interface Entry {
  readonly item: { -readonly [K in keyof QueueItem]: QueueItem[K] };
  readonly cancel: AbortController;
  attempt: Attempt;
  /** Whether another photo was in the engine during the attempt, so that a crash does not tell whose fault it is. */
  shared: boolean;
}

/**
 * Works through photos, several at once, and writes down what became of each, so that a kill at any moment costs no
 * more than the photos in hand.
 */
export class Queue {
  readonly #entries = new Map<string, Entry>();
  readonly #runner: ItemRunner;
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
    private readonly store: QueueStore,
    engine: Engine,
    private readonly onEvent: (event: QueueEvent) => void = () => undefined,
  ) {
    this.#runner = new ItemRunner(store, engine, (records) => this.#write(records));
  }

  /** All items in the order in which they were added. */
  get items(): readonly QueueItem[] {
    return Array.from(this.#entries.values(), (entry) => entry.item);
  }

  /** Adds items and writes them down; one that the queue has is left as it is. */
  async add(planned: readonly PlannedItem[]): Promise<void> {
    const records: NewRecord[] = [];
    const jobs = new Set(this.store.records.jobs.keys());
    for (const plan of planned) {
      if (this.#entries.has(plan.id)) continue;
      const entry = newEntry(plan);
      this.#entries.set(plan.id, entry);
      if (plan.error === null) this.#fresh.push(entry);
      const { jobId, settings, encode } = plan.task;
      if (!jobs.has(jobId)) records.push({ type: 'job', job: jobId, settings, encode });
      jobs.add(jobId);
      const { id, input, output, key } = plan;
      const known = this.store.records.items.get(id);
      if (known?.key !== key || known.output !== output) {
        records.push({ type: 'item', id, job: jobId, input, output, key });
      }
    }
    if (records.length > 0) await this.#write(records);
    this.#wake();
  }

  /**
   * Works until nothing is waiting, or until the abort, after which what was in hand is waiting again.
   * @throws EngineUnavailable when the engine cannot be started: items keep waiting.
   */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => {
      this.#wake();
    };
    signal.addEventListener('abort', onAbort);
    try {
      while (!this.#isOver(signal)) {
        for (let next = this.#next(signal); next !== null; next = this.#next(signal)) void this.#start(next, signal);
        await this.#something();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    if (this.#fatal !== null) throw this.#fatal;
    if (signal.aborted) return;
    const batches = new Set(this.items.map((item) => item.task.batch));
    await this.#write(Array.from(batches, (batch) => ({ type: 'end', batch })));
  }

  /** Starts nothing more until `resume`; what is in hand is finished. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  /** Cancels one item, whether it waits or runs. */
  async cancel(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined || isSettled(entry.item)) return;
    entry.cancel.abort();
    // One in hand settles when the engine has answered.
    if (this.#active.has(entry)) return;
    for (const list of [this.#fresh, this.#suspects, this.#deferred]) {
      const index = list.indexOf(entry);
      if (index >= 0) list.splice(index, 1);
    }
    this.#change(entry, { state: 'cancelled' });
    this.#wake();
    await this.#write([{ type: 'cancelled', id }]);
  }

  /** Cancels everything that is not settled. */
  async cancelAll(): Promise<void> {
    await Promise.all(this.items.map((item) => this.cancel(item.id)));
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

  async #start(entry: Entry, signal: AbortSignal): Promise<void> {
    this.#active.add(entry);
    entry.shared = false;
    this.#change(entry, { state: 'running' });
    const listener = {
      onProgress: ({ fraction, pixels }: { fraction: number; pixels: number }) => {
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
      const either = AbortSignal.any([signal, entry.cancel.signal]);
      this.#settle(entry, await this.#runner.run(either, entry.item, entry.attempt.runtime, listener));
    } catch (error) {
      await this.#setBack(entry, error);
    } finally {
      this.#active.delete(entry);
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
    const { id } = entry.item;
    const wire = toWireError(error);
    if (wire.code === 'engine/cancelled') {
      const given = entry.cancel.signal.aborted;
      this.#change(entry, { state: given ? 'cancelled' : 'waiting' });
      // An abort of the whole run writes nothing: the item is simply not done yet.
      if (given) await this.#write([{ type: 'cancelled', id }]);
      return;
    }
    if (error instanceof EngineUnavailable) {
      this.#fatal = error;
      this.#change(entry, { state: 'waiting' });
      return;
    }
    // Nobody knows which of several photos the engine died of, or whose unfinished file filled the disk: each gets the
    // same attempt again, on its own.
    const diskFull = wire.code === 'output/disk-full' && (entry.shared || this.#active.size > 1);
    const innocent = diskFull || (error instanceof EngineDeath && entry.shared);
    const next = innocent ? entry.attempt : nextAttempt(entry.attempt, wire.code);
    if (next !== null) {
      if (wire.code === 'engine/provider') this.#leaveProvider(wire.message);
      entry.attempt = next;
      this.#suspects.push(entry);
      this.#change(entry, { state: 'waiting' });
      return;
    }
    const reason = { code: wire.code, message: wire.message + describeAttempts(entry.attempt) };
    this.#change(entry, { state: 'failed', error: reason });
    await this.#write([{ type: 'failed', id, error: reason }]);
  }

  /** An accelerator that failed one photo fails the others: they go straight to the CPU, and the person is told once. */
  #leaveProvider(reason: string): void {
    if (this.#providerFailed) return;
    this.#providerFailed = true;
    for (const entry of this.#fresh) entry.attempt = nextAttempt(entry.attempt, 'engine/provider') ?? entry.attempt;
    this.onEvent({ type: 'warning', message: `${reason}; photos are denoised on the CPU instead` });
  }

  #change(entry: Entry, change: Partial<QueueItem>): void {
    Object.assign(entry.item, change);
    this.onEvent({ type: 'changed', item: entry.item });
  }

  async #write(records: readonly NewRecord[]): Promise<void> {
    try {
      await this.store.write(records);
    } catch (error) {
      if (this.#warned) return;
      this.#warned = true;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the queue's journal cannot be written (${reason}): photos go on, but a resumed run may repeat some`;
      this.onEvent({ type: 'warning', message });
    }
  }
}

function newEntry(plan: PlannedItem): Entry {
  const state = plan.error === null ? 'waiting' : 'failed';
  const item: QueueItem = { ...plan, state, fraction: 0, pixels: 0, skipped: null, report: null };
  return { item, cancel: new AbortController(), attempt: firstAttempt(plan.task.runtime), shared: false };
}
