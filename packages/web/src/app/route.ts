import { type ConversationId, parseConversationId } from '@parley/protocol';
import { useSyncExternalStore } from 'react';

export const SETTINGS_SECTIONS = [
  'profile',
  'privacy',
  'appearance',
  'notifications',
  'devices',
  'shortcuts',
  'account',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** What is on the screen, as the address says it. */
export type Route =
  | { readonly name: 'home' }
  /** `seq`: a message to show; `isAbout`: with its members and settings beside it. */
  | { readonly name: 'conversation'; readonly id: ConversationId; readonly seq?: number; readonly isAbout?: boolean }
  | { readonly name: 'settings'; readonly section: SettingsSection | null }
  | { readonly name: 'admin' }
  /** Where an invitation leads; null: an open place needs none. */
  | { readonly name: 'join'; readonly invitation: string | null }
  /** Setting a new place up. */
  | { readonly name: 'welcome' };

export function parseRoute(path: string): Route {
  const [first, second, third] = path.split('/').filter((part) => part !== '');
  if (first === 'c') return parseConversation(second ?? '', third);
  if (first === 'admin') return { name: 'admin' };
  if (first === 'join') return { name: 'join', invitation: second ?? null };
  if (first === 'welcome') return { name: 'welcome' };
  if (first === 'settings')
    return { name: 'settings', section: SETTINGS_SECTIONS.find((section) => section === second) ?? null };
  return { name: 'home' };
}

function parseConversation(text: string, rest: string | undefined): Route {
  const id = parseConversationId(text);
  if (id === undefined) return { name: 'home' };
  if (rest === 'about') return { name: 'conversation', id, isAbout: true };
  const seq = Number(rest);
  return Number.isInteger(seq) && seq > 0 ? { name: 'conversation', id, seq } : { name: 'conversation', id };
}

export function pathOf(route: Route): string {
  switch (route.name) {
    case 'home':
      return '/';
    case 'conversation':
      return `/c/${route.id}${route.isAbout === true ? '/about' : route.seq === undefined ? '' : `/${route.seq}`}`;
    case 'settings':
      return route.section === null ? '/settings' : `/settings/${route.section}`;
    case 'admin':
      return '/admin';
    case 'join':
      return route.invitation === null ? '/join' : `/join/${route.invitation}`;
    case 'welcome':
      return '/welcome';
  }
}

const listeners = new Set<() => void>();
let current = parseRoute(location.pathname);

function changed(): void {
  current = parseRoute(location.pathname);
  for (const listener of [...listeners]) listener();
}
addEventListener('popstate', changed);

/** Goes there; `replace` leaves no step back. */
export function go(route: Route, options: { readonly replace?: boolean } = {}): void {
  const path = pathOf(route);
  if (path === location.pathname) return;
  if (options.replace === true) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  changed();
}

/** Where somebody begins who comes back after logging out. */
export const goHome = (): void => go({ name: 'home' }, { replace: true });

export function useRoute(): Route {
  return useSyncExternalStore(
    (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    () => current,
  );
}
