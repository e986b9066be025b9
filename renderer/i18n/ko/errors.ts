import type { Texts } from '../texts.js';
import type { errors as source } from '../en/errors.js';

export const errors: Texts<typeof source> = {
  unknown: '문제가 발생했습니다: {{message}}',
};
