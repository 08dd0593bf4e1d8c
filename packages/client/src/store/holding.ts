import type { Conversation, User } from '@parley/protocol';
import { withUnread } from './fold-entry.ts';
import type { ClientState, HeldConversation } from './state.ts';
import { emptyTimeline } from './timeline.ts';

/** How conversations come into the state and leave it. */

/** A conversation of which nothing but its present state is known. */
export const held = (resource: Conversation): HeldConversation => ({
  resource,
  timeline: emptyTimeline,
  ahead: {},
  nobodyGoneSince: resource.head_seq,
  readMark: null,
  hidden: [],
});

/** A newer state of a conversation that is held. A timeline that ends before the new head has missed amendments, so it is read anew. */
export function refreshed(before: HeldConversation | undefined, newer: Conversation): HeldConversation {
  if (before === undefined) return held(newer);
  const { readMark } = before;
  const resource = withCursorsOf(before.resource, newer);
  return {
    resource,
    timeline: before.resource.head_seq === resource.head_seq ? before.timeline : emptyTimeline,
    ahead: {},
    nobodyGoneSince: resource.head_seq,
    hidden: before.hidden,
    readMark: readMark !== null && readMark.upTo > resource.my.read_up_to ? readMark : null,
  };
}

/** Cursors never go back (RCPT-1), also when the answer is older than what the user's log told; only a new membership begins anew. */
function withCursorsOf(before: Conversation, newer: Conversation): Conversation {
  if (newer.my.visible_from_seq !== before.my.visible_from_seq) return newer;
  const my = {
    ...newer.my,
    delivered_up_to: Math.max(newer.my.delivered_up_to, before.my.delivered_up_to),
    read_up_to: Math.max(newer.my.read_up_to, before.my.read_up_to),
    read_count: Math.max(newer.my.read_count, before.my.read_count),
  };
  return my.read_up_to === newer.my.read_up_to ? { ...newer, my } : withUnread({ ...newer, my });
}

export function withConversation(state: ClientState, conversation: HeldConversation): ClientState {
  const { conversation_id: id, peer } = conversation.resource;
  const conversations = { ...state.conversations, [id]: conversation };
  const next = peer === null ? { ...state, conversations } : withUsers({ ...state, conversations }, [peer]);
  return withoutSettledRows(next, id, conversation.resource.head_seq);
}

export function withoutConversation(state: ClientState, id: string): ClientState {
  const { [id]: gone, ...conversations } = state.conversations;
  if (gone === undefined) return state;
  const { [id]: _, ...typing } = state.typing;
  // Their entries will not come any more.
  return withoutSettledRows({ ...state, conversations, typing }, id, Number.POSITIVE_INFINITY);
}

export function withUsers(state: ClientState, users: readonly User[]): ClientState {
  const isNews = (user: User): boolean => {
    const known = state.users[user.user_id];
    return known === undefined || JSON.stringify(known) !== JSON.stringify(user);
  };
  const news = users.filter(isNews);
  if (news.length === 0) return state;
  return { ...state, users: { ...state.users, ...Object.fromEntries(news.map((user) => [user.user_id, user])) } };
}

/** A row whose place is at or before the head is shown by the timeline, or lies in a part of it that is not held. */
function withoutSettledRows(state: ClientState, conversationId: string, headSeq: number): ClientState {
  const outbox = state.outbox.filter(
    (row) => row.conversationId !== conversationId || row.state.kind !== 'stored' || row.state.seq > headSeq,
  );
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}
