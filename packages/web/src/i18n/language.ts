import { i18n, type Messages } from '@lingui/core';
import { firstWords } from './en.ts?first';

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

let spoken: Locale = 'en';
let allWords: Promise<void> | undefined;

/** Fetches what the first screen does not say, and resolves when all that the app has to say can be said. */
export function allWordsAreHere(): Promise<void> {
  allWords ??= speak(spoken);
  return allWords;
}

/** What the first screen says. */
export async function beginToSpeak(locale: Locale): Promise<void> {
  spoken = locale;
  activate(locale, await firstWordsOf(locale));
}

export async function speak(locale: Locale): Promise<void> {
  activate(locale, await catalogueOf(locale));
}

function activate(locale: Locale, messages: Messages): void {
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === 'ar-XA' ? 'rtl' : 'ltr';
}

async function firstWordsOf(locale: Locale): Promise<Messages> {
  switch (locale) {
    case 'en':
      return firstWords;
    case 'de':
      return (await import('./de.ts?first')).firstWords;
    case 'ar-XA':
      return (await import('./mirrored.ts')).mirrored(firstWords);
  }
}

/** The build has compiled the words (compile-catalogues.ts). */
async function catalogueOf(locale: Locale): Promise<Messages> {
  switch (locale) {
    case 'en':
      return (await import('./en.ts')).en;
    case 'de':
      return (await import('./de.ts')).de;
    case 'ar-XA':
      return (await import('./mirrored.ts')).mirrored((await import('./en.ts')).en);
  }
}
