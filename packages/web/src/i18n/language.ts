import { i18n, type Messages } from '@lingui/core';
import { en } from './en.ts';

/** Languages that are complete, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** `ar-XA` is English in mirror writing: it shows what a right-to-left reader gets without a translation to keep. */
export type Locale = Language | 'ar-XA';

const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag);

/** The first of the reader's languages that we have. */
export function preferredLanguage(tags: readonly string[]): Language {
  return tags.map((tag) => tag.split('-')[0] ?? '').find(isLanguage) ?? 'en';
}

export async function speak(locale: Locale): Promise<void> {
  i18n.loadAndActivate({ locale, messages: await catalogueOf(locale) });
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === 'ar-XA' ? 'rtl' : 'ltr';
}

/** The build has compiled the words (compile-catalogues.ts). */
async function catalogueOf(locale: Locale): Promise<Messages> {
  switch (locale) {
    case 'en':
      return en;
    case 'de':
      return (await import('./de.ts')).de;
    case 'ar-XA':
      return (await import('./mirrored.ts')).mirrored(en);
  }
}
