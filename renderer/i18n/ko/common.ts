import type { Texts } from '../texts.js';
import type { common as source } from '../en/common.js';

export const common: Texts<typeof source> = {
  appName: 'Stillgrain',
};
