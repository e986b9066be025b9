import type { QueueEntry } from '../../../preload/contract.js';
import { QUEUE_GROUPS, type QueueGroup } from '../../state/queue.js';

/** One row of the list: the heading of a group, or an item. */
export type QueueRow =
  | { readonly kind: 'group'; readonly group: QueueGroup; readonly count: number }
  | { readonly kind: 'item'; readonly item: QueueEntry };

/** The list with its headings; groups that are empty are left out. */
export function queueRows(groups: Readonly<Record<QueueGroup, readonly QueueEntry[]>>): QueueRow[] {
  return QUEUE_GROUPS.flatMap((group) => {
    const items = groups[group];
    if (items.length === 0) return [];
    return [
      { kind: 'group', group, count: items.length } as const,
      ...items.map((item) => ({ kind: 'item', item }) as const),
    ];
  });
}
