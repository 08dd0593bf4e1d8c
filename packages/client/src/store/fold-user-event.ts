import type { Conversation, UserEvent } from '@parley/protocol';
import { withUnread } from './fold-entry.ts';
import { held, withConversation, withoutConversation } from './holding.ts';
import { type ClientState, type HeldConversation, LIST_BEGINNING } from './state.ts';
import { bury, messageBefore } from './timeline.ts';

/** Hidden messages whose message may still be under way; a page of history knows all. */
const HIDDEN_MAX = 200;

/** The state with the next event of the user's log folded in. Events at or before its place change nothing. */
export function foldUserEvent(state: ClientState, event: UserEvent): ClientState {
  if (event.user_seq <= state.userSeq) return state;
  return { ...foldFact(state, event), userSeq: event.user_seq };
}

function foldFact(state: ClientState, event: UserEvent): ClientState {
  switch (event.type) {
    case 'conversation_joined':
      // One that is held comes up to date by its own log.
      return state.conversations[event.conversation.conversation_id] === undefined
        ? withConversation(state, held(event.conversation))
        : state;
    case 'conversation_left':
      return withoutConversation(state, event.conversation_id);
    case 'profile_changed':
      return { ...state, me: event.me };
    case 'devices_changed':
      return state;
    case 'cursor_moved':
    case 'settings_changed':
    case 'message_hidden': {
      const conversation = state.conversations[event.conversation_id];
      if (conversation !== undefined) return withConversation(state, changed(conversation, event));
      // It went from one list to the other, and each was read while it stood in the other (CONV-3).
      return event.type === 'settings_changed' ? { ...state, moreConversations: LIST_BEGINNING } : state;
    }
  }
}

function changed(
  conversation: HeldConversation,
  event: Extract<UserEvent, { type: 'cursor_moved' | 'settings_changed' | 'message_hidden' }>,
): HeldConversation {
  const { resource } = conversation;
  switch (event.type) {
    case 'cursor_moved':
      return moved(conversation, event);
    case 'settings_changed':
      return { ...conversation, resource: { ...resource, my: { ...resource.my, settings: event.settings } } };
    case 'message_hidden': {
      const timeline = bury(conversation.timeline, event.seq, 'hidden');
      const hidden = [...conversation.hidden, event.seq].slice(-HIDDEN_MAX);
      if (resource.last_message?.seq !== event.seq) return { ...conversation, timeline, hidden };
      // `null` where the one before is not here: the client asks for the conversation.
      const last = messageBefore(timeline, event.seq) ?? null;
      return { ...conversation, timeline, hidden, resource: { ...resource, last_message: last } };
    }
  }
}

/** Cursors never go back (RCPT-1); a read mark that the server has reached is done. */
function moved(
  conversation: HeldConversation,
  to: Pick<Conversation['my'], 'delivered_up_to' | 'read_up_to' | 'read_count'>,
): HeldConversation {
  const { resource, readMark } = conversation;
  const my = {
    ...resource.my,
    delivered_up_to: Math.max(resource.my.delivered_up_to, to.delivered_up_to),
    read_up_to: Math.max(resource.my.read_up_to, to.read_up_to),
    read_count: Math.max(resource.my.read_count, to.read_count),
  };
  return {
    ...conversation,
    resource: withUnread({ ...resource, my }),
    readMark: readMark !== null && readMark.upTo > my.read_up_to ? readMark : null,
  };
}
