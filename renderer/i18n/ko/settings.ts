import type { Texts } from '../texts.js';
import type { settings as source } from '../en/settings.js';

export const settings: Texts<typeof source> = {
  title: '설정',
};
