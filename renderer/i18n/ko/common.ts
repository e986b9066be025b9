import type { Texts } from '../texts.js';
import type { common as source } from '../en/common.js';

export const common: Texts<typeof source> = {
  appName: 'Stillgrain',
  close: '닫기',
  dismiss: '지우기',
};
