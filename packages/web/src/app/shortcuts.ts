import { conversationList, unreadOf } from '@parley/client';
import type { ConversationId } from '@parley/protocol';
import { useLayoutEffect } from 'react';
import type { TextId } from '../i18n/use-text.ts';
import { arriveReading } from '../timeline/arrival.ts';
import { type Chat, useChat } from './chat.ts';
import { go, parseRoute } from './route.ts';

interface Shortcut {
  readonly keys: string;
  readonly text: TextId;
}

/** All keys, by where they work, as the shortcuts page lists them. */
export const SHORTCUTS: readonly { readonly where: TextId; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    where: 'shortcut.everywhere',
    shortcuts: [
      { keys: 'Ctrl K', text: 'shortcut.search' },
      { keys: 'Alt ↑ / Alt ↓', text: 'shortcut.neighbour' },
      { keys: 'Alt Shift ↓', text: 'shortcut.nextUnread' },
      { keys: 'Ctrl /', text: 'shortcut.help' },
      { keys: 'Esc', text: 'shortcut.back' },
      { keys: 'Tab', text: 'shortcut.areas' },
    ],
  },
  {
    where: 'shortcut.writing',
    shortcuts: [
      { keys: 'Enter', text: 'shortcut.send' },
      { keys: 'Shift Enter', text: 'shortcut.newLine' },
      { keys: '↑', text: 'shortcut.editLast' },
      { keys: 'Ctrl ↑ / Ctrl ↓', text: 'shortcut.replyNeighbour' },
    ],
  },
  {
    where: 'shortcut.onMessage',
    shortcuts: [
      { keys: '↑ / ↓', text: 'shortcut.messages' },
      { keys: 'Enter', text: 'shortcut.messageMenu' },
      { keys: 'R', text: 'action.reply' },
      { keys: '+', text: 'shortcut.thumb' },
      { keys: ':', text: 'shortcut.react' },
      { keys: 'E', text: 'action.edit' },
      { keys: 'C', text: 'action.copy' },
      { keys: 'F', text: 'action.forward' },
      { keys: 'I', text: 'action.info' },
      { keys: 'Del', text: 'action.delete' },
    ],
  },
  {
    where: 'shortcut.onRow',
    shortcuts: [
      { keys: 'X', text: 'shortcut.search' },
      { keys: 'N', text: 'shortcut.nextUnread' },
      { keys: '?', text: 'shortcut.help' },
    ],
  },
];

export function useShortcuts(): void {
  const chat = useChat();
  // Before the first painting: who sees the app can use its keys.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // An Escape that ends the composing of a character is the input method's.
      if (event.defaultPrevented || event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') return act(event, focusSearch);
      if ((event.ctrlKey || event.metaKey) && event.key === '/') return act(event, showShortcuts);
      if (event.altKey && event.shiftKey && event.key === 'ArrowDown') return act(event, () => goToUnread(chat));
      if (event.altKey && event.key === 'ArrowDown') return act(event, () => goToNeighbour(chat, 1));
      if (event.altKey && event.key === 'ArrowUp') return act(event, () => goToNeighbour(chat, -1));
      if (event.key === 'Escape') goUp();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [chat]);
}

/**
 * Keys of one letter, where the focus is on a message or in the list: never while somebody writes (WCAG 2.1.4). Whoever is taken along by one can press
 * the next.
 */
export function pressLetter(event: Pick<KeyboardEvent, Modifiers | 'key' | 'preventDefault'>, chat: Chat): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = event.key.toLowerCase();
  if (letter === 'x') act(event, focusSearch);
  if (letter === '?') act(event, showShortcuts);
  if (letter === 'n') act(event, () => goToUnread(chat, arriveReading));
}
type Modifiers = 'ctrlKey' | 'metaKey' | 'altKey';

const showShortcuts = (): void => go({ name: 'settings', section: 'shortcuts' });

function act(event: Pick<KeyboardEvent, 'preventDefault'>, action: () => void): void {
  event.preventDefault();
  action();
}

export function focusSearch(): void {
  const focus = () => document.querySelector<HTMLInputElement>('.search-box input')?.focus();
  if (document.querySelector('.sidebar')?.checkVisibility() === true) return focus();
  // On a phone the search box lies below the conversation.
  go({ name: 'home' });
  requestAnimationFrame(focus);
}

function goToNeighbour(chat: Chat, step: 1 | -1): void {
  const list = conversationList(chat.store.getSnapshot().conversations);
  const route = parseRoute(location.pathname);
  const here = list.findIndex(({ resource }) => route.name === 'conversation' && resource.conversation_id === route.id);
  const next = here === -1 ? list[0] : list[here + step];
  if (next !== undefined) go({ name: 'conversation', id: next.resource.conversation_id });
}

/** The next one below in the list, and from its top again. */
function goToUnread(chat: Chat, onGoing?: (id: ConversationId) => void): void {
  const list = conversationList(chat.store.getSnapshot().conversations);
  const route = parseRoute(location.pathname);
  const here = list.findIndex(({ resource }) => route.name === 'conversation' && resource.conversation_id === route.id);
  const others = [...list.slice(here + 1), ...list.slice(0, Math.max(0, here))];
  const next = others.find((held) => unreadOf(held) > 0)?.resource.conversation_id;
  if (next === undefined) return;
  onGoing?.(next);
  go({ name: 'conversation', id: next });
}

/** Back to the list, at the row of the conversation that was open. */
function goToRow(): void {
  const row = document.querySelector<HTMLElement>('.conversation-row[data-chosen="true"] .conversation-link');
  go({ name: 'home' });
  // On a phone the list is there a moment later.
  requestAnimationFrame(() => row?.focus());
}

/** One level up: from the panel to the conversation, from a page of the settings to all of them, from there to the list. */
function goUp(): void {
  const route = parseRoute(location.pathname);
  if (route.name === 'conversation' && route.isAbout === true) go({ name: 'conversation', id: route.id });
  else if (route.name === 'conversation') goToRow();
  else if (route.name === 'settings' && route.section !== null) go({ name: 'settings', section: null });
  else go({ name: 'home' });
}
