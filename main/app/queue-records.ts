import type { DenoiseSettings, EncodeSettings } from '../../preload/contract.js';
import type { DenoiseReport } from '../../preload/engine-protocol.js';
import { stampRecord, type FileStamp, type JournalRecord, type NewRecord } from './journal.js';
import type { WireError } from '../core/errors.js';

/** What a result depends on besides the photo. */
export interface Job {
  readonly settings: DenoiseSettings;
  readonly encode: EncodeSettings;
}

/** The engine was given the item; set until the item settles. */
export interface Attempt {
  readonly key: string;
  readonly batch: string;
  readonly at: number;
  readonly before: FileStamp | null;
}

/** The last result that was written for an item, perhaps from an older photo or other settings. */
export interface PastResult {
  readonly key: string;
  readonly batch: string;
  readonly at: number;
  readonly written: FileStamp;
  readonly report: DenoiseReport | null;
}

/** What the journals know of an item. */
export interface ItemRecord {
  readonly id: string;
  readonly createdAt: number;
  job: string;
  input: string;
  output: string;
  key: string;
  attempt: Attempt | null;
  result: PastResult | null;
  /** How the last attempt ended, if not with a result. */
  setback: { readonly at: number; readonly error: WireError | null } | null;
}

/** The queue as its journals tell it: records go in, in any order between processes; state comes out. */
export class QueueRecords {
  readonly jobs = new Map<string, Job>();
  readonly items = new Map<string, ItemRecord>();
  /** When each command last came to its end. */
  readonly ends = new Map<string, number>();
  /** Time of the latest record. */
  latest = 0;

  /** Takes in one record. Records of one item are told apart in time, so that late news does not undo newer. */
  apply(record: JournalRecord): void {
    this.latest = Math.max(this.latest, record.at);
    switch (record.type) {
      case 'job':
        this.jobs.set(record.job, { settings: record.settings, encode: record.encode });
        return;
      case 'end':
        this.ends.set(record.batch, Math.max(record.at, this.ends.get(record.batch) ?? 0));
        return;
      case 'item':
        this.#addItem(record);
        return;
      default: {
        const item = this.items.get(record.id);
        if (item !== undefined) settle(item, record);
      }
    }
  }

  /** The fewest records that rebuild this state: what compaction writes. */
  snapshot(): JournalRecord[] {
    const records: JournalRecord[] = [];
    for (const [job, { settings, encode }] of this.jobs) {
      records.push(stampRecord({ type: 'job', job, settings, encode }, 0));
    }
    for (const item of this.items.values()) records.push(...itemRecords(item));
    for (const [batch, at] of this.ends) records.push(stampRecord({ type: 'end', batch }, at));
    return records;
  }

  #addItem(record: Extract<JournalRecord, { type: 'item' }>): void {
    const { id, job, input, output, key, at } = record;
    const known = this.items.get(id);
    if (known === undefined) {
      const empty = { attempt: null, result: null, setback: null };
      this.items.set(id, { id, createdAt: at, job, input, output, key, ...empty });
    } else {
      Object.assign(known, { job, input, output, key });
    }
  }
}

type Outcome = Exclude<JournalRecord, { type: 'job' | 'end' | 'item' }>;

function settle(item: ItemRecord, record: Outcome): void {
  const { at } = record;
  const latest = Math.max(item.attempt?.at ?? 0, item.result?.at ?? 0, item.setback?.at ?? 0);
  if (at < latest) return;
  switch (record.type) {
    case 'running':
      item.attempt = { key: record.key, batch: record.batch, at, before: record.before };
      return;
    case 'done':
      item.result = { key: record.key, batch: record.batch, at, written: record.written, report: record.report };
      item.attempt = null;
      item.setback = null;
      return;
    case 'failed':
    case 'cancelled':
      item.setback = { at, error: record.type === 'failed' ? (record.error as WireError) : null };
      item.attempt = null;
  }
}

function itemRecords(item: ItemRecord): JournalRecord[] {
  const { id, attempt, result, setback } = item;
  const written: [NewRecord, number][] = [
    [{ type: 'item', id, job: item.job, input: item.input, output: item.output, key: item.key }, item.createdAt],
  ];
  // In the order in which they can only have happened: a result clears setbacks, and every outcome ends its attempt.
  if (result !== null) written.push([{ type: 'done', id, ...result }, result.at]);
  if (setback?.error) written.push([{ type: 'failed', id, error: setback.error }, setback.at]);
  else if (setback) written.push([{ type: 'cancelled', id }, setback.at]);
  if (attempt !== null) written.push([{ type: 'running', id, ...attempt }, attempt.at]);
  return written.map(([record, at]) => stampRecord(record, at));
}
