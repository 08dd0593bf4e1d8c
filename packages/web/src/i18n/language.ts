import { i18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
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

// Words come as data and are compiled when they are first said: there is no build step between a translator and the app.
i18n.setMessagesCompiler(compileMessage);

export async function speak(locale: Locale): Promise<void> {
  i18n.loadAndActivate({ locale, messages: await catalogueOf(locale) });
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === 'ar-XA' ? 'rtl' : 'ltr';
}

async function catalogueOf(locale: Locale): Promise<Record<string, string>> {
  switch (locale) {
    case 'en':
      return en;
    case 'de':
      return (await import('./de.ts')).de;
    case 'ar-XA':
      return (await import('./mirrored.ts')).mirrored(en);
  }
}
