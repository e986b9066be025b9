import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../../../preload/contract.js';
import { queueRows } from '../../../../../renderer/features/queue/queue-rows.js';
import { photoId } from '../../state/photos.js';

const item = (number: number): QueueEntry => ({
  photo: photoId(number),
  state: 'waiting',
  fraction: 0,
  error: null,
  skipped: null,
  output: '',
  noise: null,
  trust: null,
  fit: null,
  notes: [],
});

describe('the rows of the queue', () => {
  it('are groups with what is in them, empty ones left out, what is in work first', () => {
    const rows = queueRows({ running: [item(1)], failed: [], waiting: [item(2), item(3)], done: [] });
    expect(rows).toEqual([
      { kind: 'group', group: 'running', count: 1 },
      { kind: 'item', item: item(1) },
      { kind: 'group', group: 'waiting', count: 2 },
      { kind: 'item', item: item(2) },
      { kind: 'item', item: item(3) },
    ]);
    expect(queueRows({ running: [], failed: [], waiting: [], done: [] })).toEqual([]);
  });
});
