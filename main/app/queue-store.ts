import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Claims } from './claims.js';
import { JournalReader, JournalWriter, stampRecord, type JournalRecord, type NewRecord } from './journal.js';
import { isRunning, newOwner, ownerToken, parseOwner, type Owner } from './owner.js';
import { QueueRecords } from './queue-records.js';

const SUFFIX = '.jsonl';
const PARTIAL_SUFFIX = `${SUFFIX}.new`;

/**
 * One queue's folder: a journal for every process that works on it, and the claims on its outputs. Every journal has
 * one writer, so processes never wait for each other; whoever opens the folder takes over what dead ones left and
 * writes it, compacted, into its own journal.
 */
export class QueueStore {
  readonly records = new QueueRecords();
  readonly claims: Claims;
  readonly #readers = new Map<string, JournalReader>();
  #writer!: JournalWriter;
  #refreshing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly owner: Owner,
  ) {
    this.claims = new Claims(join(folder, 'claims'), owner);
  }

  /** Opens the queue of a folder, creating it if need be. */
  static async open(folder: string): Promise<QueueStore> {
    const store = new QueueStore(folder, newOwner());
    await mkdir(folder, { recursive: true });
    await store.#takeOver();
    return store;
  }

  /** Writes records; resolves when they are on the disk. This process sees them at once, even if that fails. */
  async write(records: readonly NewRecord[]): Promise<void> {
    // Never earlier than what is already there: a clock that was set back must not make new records look old.
    const now = Math.max(Date.now(), this.records.latest);
    const stamped = records.map((record) => stampRecord(record, now));
    for (const record of stamped) this.records.apply(record);
    await this.#writer.append(stamped);
  }

  /** Reads what other running processes have written since the last time. */
  refresh(): Promise<void> {
    // One after the other: readers keep their place, and a refresh that began before the question is no answer to it.
    this.#refreshing = this.#refreshing.catch(() => undefined).then(() => this.#poll());
    return this.#refreshing;
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }

  async #poll(): Promise<void> {
    let vanished: boolean;
    do {
      vanished = false;
      for (const name of await this.#otherJournals()) {
        const reader = this.#readers.get(name) ?? new JournalReader(join(this.folder, name));
        this.#readers.set(name, reader);
        try {
          for (const record of await reader.poll()) this.records.apply(record);
        } catch (error) {
          if (!isGone(error)) throw error;
          // Its owner ended and another process took its records over, into a journal that the next round will find.
          this.#readers.delete(name);
          vanished = true;
        }
      }
    } while (vanished);
  }

  async #takeOver(): Promise<void> {
    const dead = await this.#readAll();
    this.#writer = await JournalWriter.create(join(this.folder, this.#ownName()), this.records.snapshot());
    for (const [name, reader] of dead) {
      if (reader.foreign === 0) await rm(join(this.folder, name), { force: true });
      this.#readers.delete(name);
    }
    for (const name of await readdir(this.folder)) {
      if (name.endsWith(PARTIAL_SUFFIX) && !isOwnerRunning(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  /** Reads every journal; returns the readers of those whose writers are gone. */
  async #readAll(): Promise<Map<string, JournalReader>> {
    for (;;) {
      const records: JournalRecord[] = [];
      const dead = new Map<string, JournalReader>();
      let vanished = false;
      for (const name of await this.#otherJournals()) {
        // Asked before reading: a writer that ends in between is left to the next process, with all that it wrote.
        const running = isOwnerRunning(name);
        const reader = new JournalReader(join(this.folder, name));
        this.#readers.set(name, reader);
        if (!running) dead.set(name, reader);
        try {
          for (const record of await reader.poll()) records.push(record);
        } catch (error) {
          if (!isGone(error)) throw error;
          vanished = true;
        }
      }
      // Another process took a journal over while we read: its records are in that one's journal now, so look again.
      if (vanished) continue;
      records.sort((a, b) => a.at - b.at);
      for (const record of records) this.records.apply(record);
      return dead;
    }
  }

  async #otherJournals(): Promise<string[]> {
    const own = this.#ownName();
    return (await readdir(this.folder)).filter((name) => name.endsWith(SUFFIX) && name !== own).sort();
  }

  #ownName(): string {
    return `${ownerToken(this.owner)}${SUFFIX}`;
  }
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function isOwnerRunning(journalName: string): boolean {
  const owner = parseOwner(journalName.slice(0, journalName.indexOf(SUFFIX)));
  return owner !== null && isRunning(owner);
}
