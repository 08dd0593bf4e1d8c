import { useLingui } from '@lingui/react';

/** How moments are written in the reader's language. All take Unix ms. */
export interface TimeWords {
  /** 14:05 */
  clock(at: number): string;
  /** Today, Yesterday, Tuesday, 3 March, 3 March 2024: what a day separator says. */
  day(at: number, now: number): string;
  /** As short as it can be: the time for today, the weekday within a week, else the date. */
  brief(at: number, now: number): string;
  /** Date and time in full. */
  full(at: number): string;
  /** Date and time where there is little room: 3 Mar 2024, 14:05 */
  moment(at: number): string;
  /** 5 minutes ago */
  ago(at: number, now: number): string;
}

const DAY_MS = 86_400_000;

export function useTime(): TimeWords {
  const { i18n } = useLingui();
  return timeWordsIn(regionalLocale(i18n.locale, navigator.languages));
}

const known = new Map<string, TimeWords>();

/**
 * One set for each language, not for each view that tells a time: a formatter holds memory outside of the script's heap, and the thousands that the rows of
 * a scrolled timeline would make were given back all at once, in pauses of 80 to 160 ms.
 */
export function timeWordsIn(locale: string): TimeWords {
  const words = known.get(locale) ?? timeWords(locale);
  known.set(locale, words);
  return words;
}

/** The reader's own region of the language, for its order of day and month and its clock: `en-GB` for `en`. */
export const regionalLocale = (locale: string, tags: readonly string[]): string =>
  tags.find((tag) => tag.split('-')[0] === locale) ?? locale;

export function timeWords(locale: string): TimeWords {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const weekday = format({ weekday: 'long' });
  const weekdayShort = format({ weekday: 'short' });
  const date = format({ day: 'numeric', month: 'long' });
  const dateShort = format({ day: 'numeric', month: 'numeric', year: '2-digit' });
  const dateWithYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const full = format({ dateStyle: 'full', timeStyle: 'short' });
  const moment = format({ dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    clock: (at) => clock.format(at),
    full: (at) => full.format(at),
    moment: (at) => moment.format(at),
    day: (at, now) => {
      const days = daysBetween(at, now);
      if (days < 2) return capitalised(relative.format(-days, 'day'), locale);
      if (days < 7) return weekday.format(at);
      return new Date(at).getFullYear() === new Date(now).getFullYear() ? date.format(at) : dateWithYear.format(at);
    },
    brief: (at, now) => {
      const days = daysBetween(at, now);
      if (days === 0) return clock.format(at);
      return days < 7 ? weekdayShort.format(at) : dateShort.format(at);
    },
    ago: (at, now) => {
      const minutes = Math.round((now - at) / 60_000);
      if (minutes < 60) return relative.format(-Math.max(minutes, 1), 'minute');
      if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), 'hour');
      return relative.format(-Math.round(minutes / (24 * 60)), 'day');
    },
  };
}

/** Whole calendar days of the reader from one moment to another; 0 for the same day and for the future. */
export function daysBetween(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.max(0, Math.round((midnight(now) - midnight(at)) / DAY_MS));
}

const capitalised = (text: string, locale: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
