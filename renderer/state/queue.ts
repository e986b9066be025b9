import { create } from 'zustand';
import type { PhotoId, QueueEntry, QueueStatus } from '../../preload/contract.js';
import { host } from '../host.js';
import { fail, useSession } from './session.js';

/** When a run began and ended, in milliseconds since 1970. */
export interface Run {
  readonly began: number;
  /** null while it goes on. */
  readonly ended: number | null;
}

export interface QueueState {
  readonly items: ReadonlyMap<PhotoId, QueueEntry>;
  readonly status: QueueStatus;
  /** The run that this window has seen; null before the first. */
  readonly run: Run | null;
  /** Photos that an earlier session left undone, until the person has said what to do with them. */
  readonly leftOver: number;
}

const IDLE: QueueStatus = {
  state: 'idle',
  total: 0,
  done: 0,
  skipped: 0,
  failed: 0,
  cancelled: 0,
  fraction: 0,
  etaMs: null,
  megapixelsPerSecond: null,
  downloadable: false,
};

export const useQueue = create<QueueState>(() => ({ items: new Map(), status: IDLE, run: null, leftOver: 0 }));

/** Follows the host's queue. Events that arrive before the list are newer than it and win. */
export async function startQueue(): Promise<void> {
  const client = host();
  let heard = false;
  client.on('queue.changed', ({ items, removed, status }) => {
    heard = true;
    useQueue.setState((state) => {
      const next = new Map(state.items);
      for (const item of items) next.set(item.photo, item);
      for (const photo of removed) next.delete(photo);
      return { items: next, status, run: nextRun(state.run, status, Date.now()), leftOver: stillLeft(state, status) };
    });
  });
  const snapshot = await client.call('queue.list', {});
  useQueue.setState((state) => {
    const status = heard ? state.status : snapshot.status;
    return {
      items: new Map([...snapshot.items.map((item) => [item.photo, item] as const), ...state.items]),
      status,
      run: nextRun(state.run, status, Date.now()),
      leftOver: status.state === 'paused' ? unsettled(status) : 0,
    };
  });
}

/** Photos that are neither finished nor given up. */
export const unsettled = (status: QueueStatus): number =>
  Math.max(0, status.total - status.done - status.skipped - status.failed - status.cancelled);

/** The question about left-over work is settled by any run, and by there being nothing left. */
const stillLeft = (state: QueueState, status: QueueStatus): number =>
  status.state === 'paused' ? Math.min(state.leftOver, unsettled(status)) : 0;

/** The run after a change of the queue's state. A pause belongs to the run. */
export function nextRun(run: Run | null, status: QueueStatus, now: number): Run | null {
  if (status.state === 'running') return run === null || run.ended !== null ? { began: now, ended: null } : run;
  if (status.state === 'idle' && run !== null && run.ended === null) return { ...run, ended: now };
  return run;
}

/** The groups of the list, in the order in which they are shown. */
export const QUEUE_GROUPS = ['running', 'failed', 'waiting', 'done'] as const;
export type QueueGroup = (typeof QUEUE_GROUPS)[number];

const GROUP_OF: Readonly<Record<QueueEntry['state'], QueueGroup>> = {
  running: 'running',
  waiting: 'waiting',
  failed: 'failed',
  cancelled: 'failed',
  done: 'done',
  skipped: 'done',
};

/** The items by group, each in the order of the queue; finished ones newest first. */
export function groupItems(items: Iterable<QueueEntry>): Readonly<Record<QueueGroup, readonly QueueEntry[]>> {
  const groups: Record<QueueGroup, QueueEntry[]> = { running: [], failed: [], waiting: [], done: [] };
  for (const item of items) groups[GROUP_OF[item.state]].push(item);
  groups.done.reverse();
  return groups;
}

/** Photos that failed: what "Retry failed" takes up again. */
export const failedPhotos = (items: Iterable<QueueEntry>): PhotoId[] =>
  [...items].flatMap(({ photo, state }) => (state === 'failed' ? [photo] : []));

/** Denoises photos into files, with the remembered export settings. Resolves with how many were added. */
export async function startDenoising(photos: readonly PhotoId[]): Promise<number> {
  const { preferences } = useSession.getState();
  try {
    const { added } = await host().call('queue.start', { photos: [...photos], export: preferences.export });
    return added;
  } catch (error) {
    fail(error);
    return 0;
  }
}

/** Does something with the queue; a refusal is said. */
const ask = async (work: Promise<unknown>): Promise<void> => {
  await work.catch(fail);
};

export const pauseQueue = (): Promise<void> => ask(host().call('queue.pause', {}));
export const resumeQueue = (): Promise<void> => ask(host().call('queue.resume', {}));
/** null: everything that is not settled. */
export const cancelPhotos = (photos: readonly PhotoId[] | null): Promise<void> =>
  ask(host().call('queue.cancel', { photos: photos === null ? null : [...photos] }));
export const retryPhotos = (photos: readonly PhotoId[]): Promise<void> =>
  ask(host().call('queue.retry', { photos: [...photos] }));
export const clearQueue = (): Promise<void> => ask(host().call('queue.clear', {}));
/** Shows a result in the system's file manager; null: the folder of the last run. */
export const revealResult = (photo: PhotoId | null): Promise<void> => ask(host().call('queue.reveal', { photo }));

/** Gives up what an earlier session left. */
export async function discardLeftOver(): Promise<void> {
  await cancelPhotos(null);
  await clearQueue();
  useQueue.setState({ leftOver: 0 });
}

/** Has results packed and downloads them. */
export async function downloadResults(photos: readonly PhotoId[] | null): Promise<void> {
  try {
    const { url, name } = await host().call('queue.download', { photos: photos === null ? null : [...photos] });
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
  } catch (error) {
    fail(error);
  }
}
