import type { ExistingPolicy } from '../../preload/contract.js';
import type { FileStamp } from './journal.js';
import type { ItemRecord } from './queue-records.js';

export { EXISTING_POLICIES, type ExistingPolicy } from '../../preload/contract.js';

/** Why an item needed no work. */
export type SkipReason =
  | 'already-done' // this very result, by an earlier run
  | 'done-elsewhere' // by another Stillgrain process, while this one ran
  | 'exists'; // a file of unknown origin, or another photo's result

export type Disposition =
  | { readonly action: 'run'; readonly overwrite: boolean }
  /** The result is there, but a kill came before that was written down. */
  | { readonly action: 'recover' }
  | { readonly action: 'skip'; readonly reason: SkipReason };

export interface Situation {
  readonly policy: ExistingPolicy;
  readonly key: string;
  readonly batch: string;
  readonly record: ItemRecord | undefined;
  /** What lies at the output path now; null: nothing. */
  readonly current: FileStamp | null;
  /** When this process opened the queue: younger results are another process's. */
  readonly openedAt: number;
  /** When this same command last came to its end; 0: it never did. Younger results belong to a run to be resumed. */
  readonly settledAt: number;
}

/** Decides what to do with an item, from the journals and the file that lies at its output path. */
export function decide(situation: Situation): Disposition {
  const { policy, key, batch, record, current, openedAt, settledAt } = situation;
  if (current === null) return { action: 'run', overwrite: false };
  const result = record?.result ?? null;
  const attempt = record?.attempt ?? null;
  const intact = result !== null && sameFile(result.written, current) ? result : null;
  const unrecorded = attempt !== null && attempt.key === key && !(attempt.before && sameFile(attempt.before, current));

  // An explicit overwrite or rename asks for fresh results, except from a run that it merely goes on with.
  const resumes = (of: { readonly batch: string; readonly at: number }): boolean =>
    policy === 'skip' || (of.batch === batch && of.at > settledAt);

  if (intact !== null && intact.key === key && resumes(intact)) return skipDone(intact.at, openedAt);
  if (unrecorded && resumes(attempt)) return { action: 'recover' };
  if (policy === 'overwrite') return { action: 'run', overwrite: true };
  if (policy === 'rename' || intact === null) return { action: 'skip', reason: 'exists' };
  // Our own result, untouched since, of a photo or settings that have changed: it is out of date. But two processes
  // with different settings must not undo each other's work for ever.
  if (intact.at >= openedAt) return { action: 'skip', reason: 'done-elsewhere' };
  return { action: 'run', overwrite: true };
}

const skipDone = (at: number, openedAt: number): Disposition => ({
  action: 'skip',
  reason: at >= openedAt ? 'done-elsewhere' : 'already-done',
});

/** Whether two stamps are of the same, unchanged file. */
export const sameFile = (a: FileStamp, b: FileStamp): boolean =>
  a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino;
