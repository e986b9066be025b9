import type { Texts } from '../texts.js';
import type { welcome as source } from '../en/welcome.js';

export const welcome: Texts<typeof source> = {
  title: 'Stillgrain에 오신 것을 환영합니다',
};
