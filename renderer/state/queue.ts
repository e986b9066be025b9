import { create } from 'zustand';
import type { PhotoId, QueueEntry, QueueStatus } from '../../preload/contract.js';
import { host } from '../host.js';

export interface QueueState {
  readonly items: ReadonlyMap<PhotoId, QueueEntry>;
  readonly status: QueueStatus;
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

export const useQueue = create<QueueState>(() => ({ items: new Map(), status: IDLE }));

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
      return { items: next, status };
    });
  });
  const snapshot = await client.call('queue.list', {});
  useQueue.setState((state) => ({
    items: new Map([...snapshot.items.map((item) => [item.photo, item] as const), ...state.items]),
    status: heard ? state.status : snapshot.status,
  }));
}
