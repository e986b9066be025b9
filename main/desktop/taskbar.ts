import type { QueueStatus } from '../../preload/contract.js';

/** What the dock or the taskbar shows of the queue. */
export interface TaskbarState {
  /** In [0,1]; -1 takes the bar away. */
  readonly progress: number;
  readonly mode: 'none' | 'normal' | 'paused' | 'error';
  /** Photos still to come; 0 takes the badge away. */
  readonly badge: number;
}

const NOTHING: TaskbarState = { progress: -1, mode: 'none', badge: 0 };

/** How far along the queue is, as the system draws it: red as soon as a photo has failed, yellow while it is paused. */
export function taskbarState(status: QueueStatus): TaskbarState {
  const left = status.total - status.done - status.skipped - status.failed - status.cancelled;
  if (status.state === 'idle' || left <= 0) return NOTHING;
  const mode = status.state === 'paused' ? 'paused' : status.failed > 0 ? 'error' : 'normal';
  return { progress: Math.min(1, Math.max(0, status.fraction)), mode, badge: left };
}

/** Whether two states look the same, so that the system is not asked ten times a second. */
export function sameTaskbar(a: TaskbarState, b: TaskbarState): boolean {
  return a.mode === b.mode && a.badge === b.badge && Math.round(a.progress * 200) === Math.round(b.progress * 200);
}
