import type { Texts } from '../texts.js';
import type { library as source } from '../en/library.js';

export const library: Texts<typeof source> = {
  title: '라이브러리',
};
