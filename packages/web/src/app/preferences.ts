import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Locale, preferredLanguage } from '../i18n/language.ts';
import { isRecord, storedValue } from './stored-value.ts';

export const THEMES = ['light', 'dark', 'system'] as const;
export const TEXT_SIZES = ['small', 'normal', 'large', 'largest'] as const;

/** What a person chooses for this device alone. */
export interface Preferences {
  readonly theme: (typeof THEMES)[number];
  readonly textSize: (typeof TEXT_SIZES)[number];
  readonly locale: Locale;
  /** Messages that arrive while the app is open but not looked at are shown by the system. */
  readonly notifies: boolean;
}

// The cast holds: these are the keys of LANGUAGES, and Object.keys loses their type.
const LOCALES: readonly Locale[] = ['ar-XA', ...(Object.keys(LANGUAGES) as Locale[])];

const oneOf = <T>(values: readonly T[], value: unknown, fallback: T): T =>
  values.find((candidate) => candidate === value) ?? fallback;

function parse(stored: unknown): Preferences {
  const given = isRecord(stored) ? stored : {};
  return {
    theme: oneOf(THEMES, given.theme, 'system'),
    textSize: oneOf(TEXT_SIZES, given.textSize, 'normal'),
    locale: oneOf(LOCALES, given.locale, preferredLanguage(navigator.languages)),
    notifies: given.notifies === true,
  };
}

export const preferences = storedValue('parley.preferences', parse);

export function usePreferences(): Preferences {
  return useSyncExternalStore(preferences.subscribe, preferences.get);
}

export const prefer = (change: Partial<Preferences>): void => preferences.set({ ...preferences.get(), ...change });

/** Puts theme and text size on the page, now and whenever they or the system's theme change. */
export function followAppearance(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme, textSize } = preferences.get();
    const { dataset } = document.documentElement;
    dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    dataset.textSize = textSize;
  };
  dark.addEventListener('change', apply);
  preferences.subscribe(apply);
  apply();
}
