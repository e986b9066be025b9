import type { Language } from '../../i18n/index.js';

/** A day and time of a card, as the language writes it. */
export const formatDay = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
