import { beforeEach, describe, expect, it } from 'vitest';
import type { QueueEntry, QueueSnapshot, QueueStatus, Reply } from '../../../../preload/contract.js';
import { connect } from '../../../../renderer/host.js';
import {
  cancelPhotos,
  discardLeftOver,
  failedPhotos,
  groupItems,
  nextRun,
  startDenoising,
  startQueue,
  useQueue,
} from '../../../../renderer/state/queue.js';
import { useSession } from '../../../../renderer/state/session.js';
import { fakeBridge, type AskedCall, type FakeBridge } from '../../../support/fake-bridge.js';
import { photoId, showPhotos } from './photos.js';

const status = (more: Partial<QueueStatus> = {}): QueueStatus => ({
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
  ...more,
});

const item = (number: number, state: QueueEntry['state']): QueueEntry => ({
  photo: photoId(number),
  state,
  fraction: 0,
  error: null,
  skipped: null,
  output: '',
  noise: null,
  trust: null,
  fit: null,
  notes: [],
});

let fake: FakeBridge;

async function follow(snapshot: QueueSnapshot, refusal?: Reply): Promise<void> {
  fake = fakeBridge(({ name }: AskedCall) => (name === 'queue.list' ? { ok: true, result: snapshot } : refusal));
  connect(fake.bridge);
  await startQueue();
}

beforeEach(() => {
  showPhotos([], []);
  useQueue.setState({ items: new Map(), status: status(), run: null, leftOver: 0 });
});

describe('the queue as the window knows it', () => {
  it('asks about what an earlier session left, until it is resumed', async () => {
    await follow({
      items: [item(1, 'waiting'), item(2, 'done')],
      status: status({ state: 'paused', total: 5, done: 1, failed: 1 }),
    });
    expect(useQueue.getState().leftOver).toBe(3);
    fake.emit('queue.changed', { items: [], removed: [], status: status({ state: 'running', total: 5, done: 1 }) });
    expect(useQueue.getState().leftOver).toBe(0);
    fake.emit('queue.changed', { items: [], removed: [], status: status({ state: 'paused', total: 5, done: 1 }) });
    expect(useQueue.getState().leftOver).toBe(0);
  });

  it('gives up left-over work by cancelling and forgetting it', async () => {
    await follow({ items: [item(1, 'waiting')], status: status({ state: 'paused', total: 1 }) });
    await discardLeftOver();
    expect(fake.asked.slice(-2)).toEqual([
      { name: 'queue.cancel', params: { photos: null } },
      { name: 'queue.clear', params: {} },
    ]);
    expect(useQueue.getState().leftOver).toBe(0);
  });

  it('follows changes and removals', async () => {
    await follow({ items: [item(1, 'waiting'), item(2, 'waiting')], status: status({ state: 'running', total: 2 }) });
    fake.emit('queue.changed', {
      items: [item(1, 'failed')],
      removed: [photoId(2)],
      status: status({ total: 1, failed: 1 }),
    });
    expect([...useQueue.getState().items.values()].map(({ state }) => state)).toEqual(['failed']);
    expect(useQueue.getState().leftOver).toBe(0);
  });

  it('says why something was refused', async () => {
    await follow(
      { items: [], status: status() },
      { ok: false, error: { code: 'output/read-only', message: 'read-only' } },
    );
    expect(await startDenoising([photoId(1)])).toBe(0);
    await cancelPhotos(null);
    expect(useSession.getState().notices.map(({ code }) => code)).toEqual(['output/read-only', 'output/read-only']);
  });
});

describe('a run', () => {
  it('lasts through a pause, and a new one starts after it has ended', () => {
    const began = nextRun(null, status({ state: 'running' }), 10);
    expect(began).toEqual({ began: 10, ended: null });
    expect(nextRun(began, status({ state: 'paused' }), 20)).toBe(began);
    const ended = nextRun(began, status(), 30);
    expect(ended).toEqual({ began: 10, ended: 30 });
    expect(nextRun(ended, status(), 40)).toBe(ended);
    expect(nextRun(ended, status({ state: 'running' }), 50)).toEqual({ began: 50, ended: null });
    expect(nextRun(null, status(), 5)).toBeNull();
  });
});

describe('the list', () => {
  it('puts items into groups, the latest result first', () => {
    const groups = groupItems([
      item(1, 'done'),
      item(2, 'skipped'),
      item(3, 'running'),
      item(4, 'failed'),
      item(5, 'cancelled'),
      item(6, 'waiting'),
    ]);
    expect(groups.done.map(({ photo }) => photo)).toEqual([photoId(2), photoId(1)]);
    expect(groups.failed.map(({ state }) => state)).toEqual(['failed', 'cancelled']);
    expect([groups.running.length, groups.waiting.length]).toEqual([1, 1]);
  });

  it('retries what failed, not what the person has cancelled', () => {
    expect(failedPhotos([item(1, 'failed'), item(2, 'cancelled'), item(3, 'done')])).toEqual([photoId(1)]);
  });
});
