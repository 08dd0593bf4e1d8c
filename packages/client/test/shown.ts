import type { ConversationId } from '@parley/protocol';
import type { Client } from '../src/client.ts';
import { tickOf, unreadOf } from '../src/store/selectors.ts';

/** What a device shows of a conversation, in a form in which order of reactions and cursors above what matters are left out. */
export function shown(client: Client, id: ConversationId): unknown {
  const state = client.store.getSnapshot();
  const held = state.conversations[id];
  if (held === undefined) return undefined;
  const { receipts: _, unread_count: unread, my, last_message, ...resource } = held.resource;
  const sorted = <T extends { reactions: { emoji: string }[] }>(message: T): T => ({
    ...message,
    reactions: message.reactions.toSorted((one, other) => (one.emoji < other.emoji ? -1 : 1)),
  });
  return {
    resource,
    my,
    unread: [unread, unreadOf(held)],
    last: last_message && sorted(last_message),
    ranges: held.timeline.ranges,
    items: held.timeline.items.map((item) =>
      item.kind === 'message' ? { ...item, message: sorted(item.message) } : item,
    ),
    ticks: held.timeline.items.flatMap((item) =>
      item.kind === 'message' && item.message.sender_id === state.me?.user_id ? [tickOf(state, item.message)] : [],
    ),
  };
}
