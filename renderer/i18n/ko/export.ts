import type { Texts } from '../texts.js';
import type { exportTexts as source } from '../en/export.js';

export const exportTexts: Texts<typeof source> = {
  title: '내보내기',
};
