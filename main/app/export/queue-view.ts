import { dirname, relative, sep } from 'node:path';
import type { ExportSettings, PhotoId, QueueEntry, QueueStatus } from '../../../preload/contract.js';
import type { MeterReading } from '../progress-meter.js';
import type { QueueItem } from '../queue-item.js';

/** What the window sees of the queue. Pure. */

/** How an item looks to the window. */
export function entryView(photo: PhotoId, item: QueueItem, output: string): QueueEntry {
  const { state, fraction, error, skipped, report } = item;
  return {
    photo,
    state,
    fraction,
    error,
    skipped,
    output,
    noise: report?.noise ?? null,
    trust: report?.trust ?? null,
    fit: report?.fit ?? null,
    notes: report?.notes ?? [],
  };
}

/** Where a result is, for people: below its destination, with '/'. `out` is its output folder. */
export function outputLabel(settings: ExportSettings, out: string, output: string): string {
  const base = settings.destination?.kind === 'beside' ? dirname(out) : out;
  return relative(base, output).split(sep).join('/');
}

export interface Tally {
  readonly total: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Bytes of the photos that are or were worth work, and how many of them are done. */
  readonly bytes: number;
  readonly worked: number;
  readonly pixels: number;
}

/** Adds up items. Work is counted in bytes; what needed no work counts as if it had never been there. */
export function tally(items: Iterable<QueueItem>): Tally {
  const sums = { total: 0, done: 0, skipped: 0, failed: 0, cancelled: 0, bytes: 0, worked: 0, pixels: 0 };
  for (const { state, size, fraction, pixels } of items) {
    sums.total++;
    if (state === 'done' || state === 'skipped' || state === 'failed' || state === 'cancelled') sums[state]++;
    if (state === 'skipped' || state === 'failed' || state === 'cancelled') continue;
    sums.bytes += size;
    sums.worked += size * fraction;
    sums.pixels += pixels;
  }
  return sums;
}

/** Where the whole stands. */
export function statusView(
  state: QueueStatus['state'],
  sums: Tally,
  reading: MeterReading | null,
  downloadable: boolean,
): QueueStatus {
  const { total, done, skipped, failed, cancelled, bytes, worked } = sums;
  return {
    state,
    total,
    done,
    skipped,
    failed,
    cancelled,
    fraction: total === 0 ? 0 : bytes === 0 ? 1 : Math.min(1, worked / bytes),
    etaMs: reading?.etaMs ?? null,
    megapixelsPerSecond: reading?.megapixelsPerSecond ?? null,
    downloadable,
  };
}
