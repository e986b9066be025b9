import type { Texts } from '../texts.js';
import type { queue as source } from '../en/queue.js';

export const queue: Texts<typeof source> = {
  title: '대기열',
};
