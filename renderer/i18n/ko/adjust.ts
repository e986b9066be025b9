import type { Texts } from '../texts.js';
import type { adjust as source } from '../en/adjust.js';

export const adjust: Texts<typeof source> = {
  title: '보정',
};
