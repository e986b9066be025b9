import { createHash } from 'node:crypto';
import type { ExistingPolicy } from './disposition.js';
import type { Job } from './queue-records.js';

/** What a photo's contents are recognised by without reading them. */
export interface SourceStamp {
  readonly size: number;
  /** Nanoseconds, as text: more than a number holds. */
  readonly mtimeNs: string;
}

const digest = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/**
 * Names an item: one photo on its way to one name. Results beside what is there (--existing rename) are items of their
 * own, so that they do not take the place of the photo's first result.
 */
export const itemId = (input: string, desiredOutput: string, policy: ExistingPolicy): string =>
  digest('item', input, desiredOutput, policy === 'rename');

/** Names a set of settings. */
export const jobId = (job: Job): string => digest('job', job);

/**
 * What a result depends on: the photo as it is now, every setting, and the model's own contents (`modelId`). Two runs
 * with the same key give the same file, so the second may be left out; with another key the file is out of date.
 */
export const contentKey = (input: string, source: SourceStamp, job: Job, modelId: string): string =>
  digest('content', input, source.size, source.mtimeNs, job, modelId);

/** Names a command: the same inputs into the same queue with the same settings, so that it can be resumed. */
export const batchId = (inputs: readonly string[], job: Job, rest: unknown): string =>
  digest('batch', inputs, job, rest);
