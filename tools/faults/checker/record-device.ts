import { type ClientState, unreadOf, unreadTotal } from '@parley/client';
import type { ConversationId } from '@parley/protocol';
import type { UntimedLine } from './history.ts';
import type { Who } from './record-store-event.ts';
import { itemsOf } from './shown-items.ts';

/** What a device shows of a conversation at this moment. */
export function glimpseOf(
  who: Who,
  state: ClientState,
  conversation: ConversationId,
  when: 'any_time' | 'at_rest' = 'any_time',
): UntimedLine[] {
  const held = state.conversations[conversation];
  if (held === undefined) return [];
  const { my, receipts } = held.resource;
  return [
    {
      type: 'glimpse',
      ...(when === 'at_rest' ? { atRest: true } : {}),
      ...who,
      conversation,
      items: itemsOf(held),
      delivered: my.delivered_up_to,
      read: my.read_up_to,
      deliveredToAll: receipts.delivered_up_to,
      readByAll: receipts.read_up_to,
    },
  ];
}

/** Everything that a device shows, after all history was loaded. `now` is the device's. */
export function viewsOf({ device, user }: Who, state: ClientState, now: number): UntimedLine[] {
  // The cast holds: the keys of the state's table are conversation ids.
  const conversations = Object.keys(state.conversations).sort() as ConversationId[];
  const badge = unreadTotal(state, now);
  const lines: UntimedLine[] = [{ type: 'list', device, user, conversations, badge }];
  for (const conversation of conversations) {
    const held = state.conversations[conversation];
    if (held === undefined) continue;
    const { my, receipts, head_seq: head } = held.resource;
    lines.push({
      type: 'view',
      device,
      user,
      conversation,
      head,
      items: itemsOf(held),
      unread: unreadOf(held),
      ...(held.timeline.ranges[0] === undefined ? {} : { heldFrom: held.timeline.ranges[0].from }),
      settings: JSON.stringify(Object.entries(my.settings).sort()),
      delivered: my.delivered_up_to,
      read: my.read_up_to,
      deliveredToAll: receipts.delivered_up_to,
      readByAll: receipts.read_up_to,
    });
  }
  return lines;
}
