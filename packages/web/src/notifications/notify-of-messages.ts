import type { ClientState, Store } from '@parley/client';
import type { NewMessage } from '@parley/protocol';
import { preferences } from '../app/preferences.ts';
import { go } from '../app/route.ts';
import { shownName, titleOf } from '../app/state-hooks.ts';
import { sayText } from '../i18n/use-text.ts';

/** Shows new messages by the system's notifications while nobody looks at the app, as each conversation's settings say. */
export function notifyOfMessages(store: Store): void {
  store.subscribe((event) => {
    if (event.type !== 'entries_arrived' || document.visibilityState === 'visible') return;
    const state = store.getSnapshot();
    if (state.status.kind !== 'live' || !preferences.get().notifies) return;
    for (const entry of event.entries)
      if (entry.type === 'new_message' && isWorthNotifying(state, entry, Date.now())) show(state, entry);
  });
}

/** `now` is Unix ms. */
export function isWorthNotifying(state: ClientState, entry: NewMessage, now: number): boolean {
  const settings = state.conversations[entry.conversation_id]?.resource.my.settings;
  const ownId = state.me?.user_id;
  if (settings === undefined || ownId === undefined || entry.sender_id === ownId) return false;
  if ((settings.muted_until ?? 0) > now || settings.notifications === 'none') return false;
  return settings.notifications === 'all' || entry.content.mentions?.includes(ownId) === true;
}

function show(state: ClientState, entry: NewMessage): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const conversation = state.conversations[entry.conversation_id]?.resource;
  const sender = state.users[entry.sender_id];
  if (conversation === undefined) return;
  const name = sender === undefined ? sayText('someone') : shownName(sender, sayText);
  const words = entry.content.text ?? sayText('message.sealed');
  const body = conversation.kind === 'direct' ? words : `${name}: ${words}`;
  try {
    // The tag makes several tabs, and several messages of one conversation, one notification.
    const notification = new Notification(titleOf(conversation, sayText), {
      body,
      tag: entry.conversation_id,
      icon: '/icon.svg',
    });
    notification.onclick = () => {
      focus();
      go({ name: 'conversation', id: entry.conversation_id });
    };
  } catch {
    // Some phones allow notifications only from a service worker; they come with push.
  }
}
