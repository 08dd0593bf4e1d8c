import { conversationList } from '@parley/client';
import { useLayoutEffect } from 'react';
import type { TextId } from '../i18n/use-text.ts';
import { type Chat, useChat } from './chat.ts';
import { go, parseRoute } from './route.ts';

/** Keys that work anywhere, as the shortcuts page lists them. */
export const SHORTCUTS: readonly { readonly keys: string; readonly text: TextId }[] = [
  { keys: 'Ctrl K', text: 'shortcut.search' },
  { keys: 'Alt ↑ / Alt ↓', text: 'shortcut.neighbour' },
  { keys: 'Alt Shift ↓', text: 'shortcut.nextUnread' },
  { keys: 'Ctrl /', text: 'shortcut.help' },
  { keys: 'Esc', text: 'shortcut.back' },
  { keys: 'Tab', text: 'shortcut.areas' },
  { keys: '↑ / ↓', text: 'shortcut.messages' },
  { keys: 'Enter', text: 'shortcut.messageMenu' },
  { keys: 'R', text: 'shortcut.reply' },
  { keys: 'E', text: 'shortcut.edit' },
  { keys: 'C', text: 'shortcut.copy' },
  { keys: 'F', text: 'shortcut.forward' },
  { keys: 'Del', text: 'shortcut.delete' },
  { keys: '+', text: 'shortcut.react' },
  { keys: 'Enter ', text: 'shortcut.send' },
  { keys: 'Shift Enter', text: 'shortcut.newLine' },
  { keys: '↑', text: 'shortcut.editLast' },
  { keys: 'Ctrl ↑ / Ctrl ↓', text: 'shortcut.replyNeighbour' },
];

export function useShortcuts(): void {
  const chat = useChat();
  // Before the first painting: who sees the app can use its keys.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') return act(event, focusSearch);
      if ((event.ctrlKey || event.metaKey) && event.key === '/')
        return act(event, () => go({ name: 'settings', section: 'shortcuts' }));
      if (event.altKey && event.shiftKey && event.key === 'ArrowDown') return act(event, () => goToUnread(chat));
      if (event.altKey && event.key === 'ArrowDown') return act(event, () => goToNeighbour(chat, 1));
      if (event.altKey && event.key === 'ArrowUp') return act(event, () => goToNeighbour(chat, -1));
      if (event.key === 'Escape') goUp();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [chat]);
}

function act(event: KeyboardEvent, action: () => void): void {
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

function goToUnread(chat: Chat): void {
  const list = conversationList(chat.store.getSnapshot().conversations);
  const next = list.find(({ resource }) => resource.unread_count > 0);
  if (next !== undefined) go({ name: 'conversation', id: next.resource.conversation_id });
}

/** One level up: from the panel to the conversation, from there to the list. */
function goUp(): void {
  const route = parseRoute(location.pathname);
  if (route.name === 'conversation')
    go(route.isAbout === true ? { name: 'conversation', id: route.id } : { name: 'home' });
  else go({ name: 'home' });
}
