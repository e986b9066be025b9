import type { Texts } from '../texts.js';
import type { compare as source } from '../en/compare.js';

export const compare: Texts<typeof source> = {
  title: '비교',
};
