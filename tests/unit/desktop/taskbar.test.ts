import { expect, it } from 'vitest';
import type { QueueStatus } from '../../../preload/contract.js';
import { sameTaskbar, taskbarState } from '../../../main/desktop/taskbar.js';

const status = (changes: Partial<QueueStatus>): QueueStatus => ({
  state: 'running',
  total: 10,
  done: 2,
  skipped: 1,
  failed: 0,
  cancelled: 1,
  fraction: 0.45,
  etaMs: null,
  megapixelsPerSecond: null,
  downloadable: false,
  ...changes,
});

it.each([
  ['running', {}, { progress: 0.45, mode: 'normal', badge: 6 }],
  ['paused', { state: 'paused' }, { progress: 0.45, mode: 'paused', badge: 6 }],
  ['running with a failure', { failed: 1 }, { progress: 0.45, mode: 'error', badge: 5 }],
  ['at an impossible fraction', { fraction: 1.2 }, { progress: 1, mode: 'normal', badge: 6 }],
  ['idle', { state: 'idle' }, { progress: -1, mode: 'none', badge: 0 }],
  ['running the last of it', { done: 8 }, { progress: -1, mode: 'none', badge: 0 }],
] as const)('shows a queue that is %s', (_, changes, expected) => {
  expect(taskbarState(status(changes))).toEqual(expected);
});

it('tells what can be seen from what cannot', () => {
  const state = taskbarState(status({}));
  expect(sameTaskbar(state, taskbarState(status({ fraction: 0.4501 })))).toBe(true);
  expect(sameTaskbar(state, taskbarState(status({ fraction: 0.47 })))).toBe(false);
  expect(sameTaskbar(state, taskbarState(status({ state: 'paused' })))).toBe(false);
  expect(sameTaskbar(state, taskbarState(status({ done: 3 })))).toBe(false);
});
