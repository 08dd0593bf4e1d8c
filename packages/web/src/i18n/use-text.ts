import { i18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import { useCallback } from 'react';
import type { en } from './en.ts';

/** Everything that the app can say. */
export type TextId = keyof typeof en;
export type TextValues = Readonly<Record<string, string | number>>;
export type Text = (id: TextId, values?: TextValues) => string;

/** Says it in the reader's language; the view is drawn again when the language changes. */
export function useText(): Text {
  const { _ } = useLingui();
  return useCallback((id, values) => _(id, values), [_]);
}

/** A name within a sentence: what stands around it keeps its place, whichever way the name is read. */
export const isolated = (name: string): string =>
  i18n.locale === 'ar-XA' || FROM_THE_RIGHT.test(name) ? `\u2068${name}\u2069` : name;

/** Letters that are written from right to left. */
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** For what is said outside of a view: notifications, the title of the window. */
export const sayText: Text = (id, values) => i18n._(id, values);
