import i18next from 'i18next';
import { en } from './en/index.js';

/** What an error says to the person: what happened and what to do, in their language. */

/** The language of the host's own words, for the `lang` of what shows them: a screen reader pronounces them so. */
export const TECHNICAL_LANGUAGE = 'en';

export interface ErrorText {
  readonly text: string;
  /** The host's own words, in English, where they say more than the code does. */
  readonly detail: string | null;
}

type ErrorKey = keyof typeof en.errors;

const isKnown = (code: string): code is ErrorKey => Object.hasOwn(en.errors, code);

/** The code of anything thrown: the host's, or that of a fault that nobody foresaw. */
export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'engine/internal';
}

function errorMessage(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

/** One sentence or two, by the error's code; takes anything with `code` and `message`, and anything thrown. */
export function errorText(error: unknown): string {
  const code = errorCode(error);
  return i18next.t(isKnown(code) ? code : 'unknown', { ns: 'errors', message: errorMessage(error) });
}

/** The same with the host's words beside it. */
export function describeError(error: unknown): ErrorText {
  const text = errorText(error);
  const message = errorMessage(error);
  return { text, detail: message === '' || text.includes(message) ? null : message };
}

/** What a remark of the host says: a code means something else in a warning than in an error about a photo. */
export function describeNotice(notice: { level: string; code: string; message: string }): ErrorText {
  const remark = `notice/${notice.code}`;
  return describeError(notice.level !== 'error' && isKnown(remark) ? { ...notice, code: remark } : notice);
}
