import type { ClientState, StoreEvent } from '@parley/client';
import type { ConversationId, UserId } from '@parley/protocol';
import { factOf, type UntimedLine as Line } from './history.ts';

export interface Who {
  readonly device: string;
  readonly life: number;
  readonly user: UserId;
}

/** What a change of a device's state means for the history: what was shown, and what became of the device's own writes. `state` is the one after it. */
export function recordStoreEvent(who: Who, event: StoreEvent, state: ClientState): Line[] {
  switch (event.type) {
    case 'entries_arrived': {
      const { conversationId: conversation, coveredUpTo } = event;
      const entries = event.entries.map(factOf);
      const seen = entries
        .filter((entry) => entry.sender === who.user && entry.key !== undefined)
        .map(({ key, seq }): Line => ({ type: 'ok', key: key ?? '', seq }));
      return [{ type: 'shown', ...who, conversation, entries, coveredUpTo }, ...seen];
    }
    case 'conversation_refreshed':
      return [jump(who, event.conversation.conversation_id, state)];
    case 'conversations_found':
      return event.conversations.map(({ conversation_id: id }) => jump(who, id, state));
    case 'user_event_arrived':
      if (event.event.type === 'conversation_left') {
        const { device, life } = who;
        return [{ type: 'forgot', device, life, conversation: event.event.conversation_id }];
      }
      return event.event.type === 'conversation_joined'
        ? [jump(who, event.event.conversation.conversation_id, state)]
        : [];
    case 'snapshot_taken':
    case 'state_loaded':
      // The cast holds: the keys of the state's table are conversation ids.
      return (Object.keys(state.conversations) as ConversationId[]).map((id) => jump(who, id, state));
    case 'outbox_changed': {
      const { clientMsgId: key, state: row } = event.row;
      if (row.kind === 'stored') return [{ type: 'ok', key, seq: row.seq }];
      return row.kind === 'failed' ? [{ type: 'refused', key, code: row.code }] : [];
    }
    case 'outbox_removed':
      return [{ type: 'ok', key: event.clientMsgId }];
    default:
      return [];
  }
}

const jump = ({ device, life }: Who, conversation: ConversationId, state: ClientState): Line => ({
  type: 'jumped',
  device,
  life,
  conversation,
  head: state.conversations[conversation]?.resource.head_seq ?? 0,
});
