import type { RuntimeSettings } from '../../preload/contract.js';
import type { DenoiseReport } from '../../preload/engine-protocol.js';
import type { WireError } from '../core/errors.js';
import type { ExistingPolicy, SkipReason } from './disposition.js';
import type { Job } from './queue-records.js';

/** What one command asks of all its items. */
export interface Task extends Job {
  readonly runtime: RuntimeSettings;
  readonly policy: ExistingPolicy;
  /** What people call the model of the settings. */
  readonly modelName: string;
  /** Names `settings` and `encode` in the journal: see `jobId`. */
  readonly jobId: string;
  /** Names the command: see `batchId`. */
  readonly batch: string;
}

/** An item as it is handed to the queue. */
export interface PlannedItem {
  readonly id: string;
  readonly input: string;
  readonly output: string;
  /** A folder above the output that must be there; absent: whatever is missing is made. */
  readonly base?: string;
  /** What the result depends on: see `contentKey`. */
  readonly key: string;
  /** Size of the photo's file in bytes. */
  readonly size: number;
  readonly task: Task;
  /** Why it cannot be done at all; null: nothing is known against it. */
  readonly error: WireError | null;
}

export const ITEM_STATES = ['waiting', 'running', 'done', 'skipped', 'failed', 'cancelled'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** An item of the queue. The queue alone changes it; others look. */
export interface QueueItem extends PlannedItem {
  readonly state: ItemState;
  /** Share of the work done, in [0,1], never going back. */
  readonly fraction: number;
  /** Pixels denoised so far. */
  readonly pixels: number;
  readonly error: WireError | null;
  readonly skipped: SkipReason | null;
  /** null unless done; also null for a result whose report was lost in a kill. */
  readonly report: DenoiseReport | null;
}

export type QueueEvent =
  | { readonly type: 'changed'; readonly item: QueueItem }
  | { readonly type: 'progress'; readonly item: QueueItem }
  /** Something the person should know that stops nothing. */
  | { readonly type: 'warning'; readonly code: 'queue/journal' | 'engine/provider'; readonly message: string };

/** Whether nothing more will happen to an item. */
export const isSettled = (item: QueueItem): boolean => item.state !== 'waiting' && item.state !== 'running';
