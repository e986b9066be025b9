import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '../../preload/contract.js';
import { LANGUAGES } from '../../preload/vocabulary.js';
import { en } from './en/index.js';
import { ko } from './ko/index.js';

/** The window's texts. English is the source: the Korean tables have its type, so a text that is missing does not compile. */

export type Language = (typeof LANGUAGES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof en;
  }
}

/** The language to show: the one chosen, or the system's where we have it. */
export function chooseLanguage(choice: Preferences['language'], locale: string): Language {
  if (choice !== 'system') return choice;
  const wanted = locale.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === wanted) ?? 'en';
}

/** Loads the texts; changes of language go through `setLanguage`. */
export async function startTexts(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en, ko },
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}

export async function setLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
}
