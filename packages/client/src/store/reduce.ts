import type { LogEntry, Snapshot } from '@parley/protocol';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import { deletedBy, deletedUser } from './deleted-user.ts';
import { foldEntry } from './fold-entry.ts';
import { foldUserEvent } from './fold-user-event.ts';
import { held, refreshed, withConversation, withUsers } from './holding.ts';
import { allMoved, otherMoved, settled } from './receipts.ts';
import { ARCHIVE, type ClientState, emptyState, type HeldConversation } from './state.ts';
import type { StoreEvent } from './store-event.ts';
import { bury, coverUpTo, mergePage } from './timeline.ts';

/** The state after an event. Pure: no time, no chance, no I/O; what did not change is the same object. */
export function reduce(state: ClientState, event: StoreEvent): ClientState {
  switch (event.type) {
    case 'state_loaded':
      return event.state;
    case 'signed_out':
      return { ...emptyState, status: state.status };
    case 'status_changed':
      return statusChanged(state, event.status);
    case 'snapshot_taken':
      return snapshotTaken(state, event.snapshot);
    case 'entries_arrived':
      return entriesArrived(state, event.conversationId, event.entries, event.coveredUpTo);
    case 'user_event_arrived':
      return foldUserEvent(state, event.event);
    case 'user_log_covered':
      return event.upTo > state.userSeq ? { ...state, userSeq: event.upTo } : state;
    case 'conversation_refreshed': {
      const before = state.conversations[event.conversation.conversation_id];
      if (before !== undefined && before.resource.head_seq > event.conversation.head_seq) return state;
      return withConversation(state, refreshed(before, event.conversation));
    }
    case 'conversations_found': {
      const found = event.conversations.filter(({ conversation_id: id }) => state.conversations[id] === undefined);
      const next = event.more === undefined ? state : { ...state, moreConversations: event.more };
      return found.reduce((after, conversation) => withConversation(after, held(conversation)), next);
    }
    case 'users_found':
      return withUsers(state, event.users);
    case 'page_loaded':
      return changed(state, event.conversationId, (conversation) => {
        const { head_seq: headSeq } = conversation.resource;
        const userId = state.me?.user_id ?? '';
        const merged = mergePage(conversation.timeline, event.page, headSeq, event.since, userId);
        const timeline = conversation.hidden.reduce((window, seq) => bury(window, seq, 'hidden'), merged);
        return { ...conversation, timeline };
      });
    case 'receipts_arrived':
      return changed(state, event.conversationId, (conversation) =>
        event.cursors
          .filter(({ user_id: userId }) => userId !== state.me?.user_id)
          .reduce(
            (held, { user_id: userId, delivered_up_to: deliveredUpTo, read_up_to: readUpTo }) =>
              otherMoved(held, userId, { deliveredUpTo, readUpTo }),
            allMoved(conversation, event.all),
          ),
      );
    case 'last_message_found':
      return changed(state, event.conversationId, (conversation) => lastMessageFound(conversation, event));
    case 'receipts_found':
      return changed(state, event.conversationId, (conversation) => allMoved(conversation, event.receipts));
    case 'read_marked':
      return changed(state, event.conversationId, (conversation) => {
        const { mark } = event;
        const known = Math.max(conversation.readMark?.upTo ?? 0, conversation.resource.my.read_up_to);
        return mark.upTo > known ? { ...conversation, readMark: mark } : conversation;
      });
    case 'typing_changed':
      return typingChanged(state, event.conversationId, event.userId, event.untilMs);
    case 'presence_changed': {
      const items = event.items.map((presence) => [presence.user_id, presence] as const);
      return { ...state, presence: { ...state.presence, ...Object.fromEntries(items) } };
    }
    case 'outbox_changed':
      return {
        ...state,
        outbox: isShown(state, event.row) ? withoutRow(state, event.row) : withRow(state.outbox, event.row),
      };
    case 'outbox_removed':
      return { ...state, outbox: withoutRow(state, event) };
  }
}

function changed(
  state: ClientState,
  conversationId: string,
  change: (conversation: HeldConversation) => HeldConversation,
): ClientState {
  const conversation = state.conversations[conversationId];
  if (conversation === undefined) return state;
  const next = change(conversation);
  return next === conversation ? state : withConversation(state, next);
}

/** A message that was erased before this device saw it has moved the conversation up all the same. */
function lastMessageFound(
  conversation: HeldConversation,
  { message, lastActivityAt }: Extract<StoreEvent, { type: 'last_message_found' }>,
): HeldConversation {
  const { resource, hidden } = conversation;
  // What is held counts as delivered, so a message beyond the position waits for its entry. To a channel that is not open none comes.
  const isReached = message !== null && (message.seq <= resource.head_seq || resource.kind === 'channel');
  // One that arrived meanwhile is newer, and one that was hidden meanwhile is not it.
  const isIt = resource.last_message === null && isReached && !hidden.includes(message.seq);
  return {
    ...conversation,
    resource: {
      ...resource,
      last_activity_at: Math.max(resource.last_activity_at, lastActivityAt),
      last_message: isIt ? message : resource.last_message,
    },
  };
}

/** Without a live connection nobody is known to be online or typing. */
function statusChanged(state: ClientState, status: ClientState['status']): ClientState {
  return status.kind === 'live' ? { ...state, status } : { ...state, status, presence: {}, typing: {} };
}

/** Everything that the snapshot names replaces what was held; what it does not name is paged anew. Rows of the outbox and read marks stay (S8). */
function snapshotTaken(state: ClientState, snapshot: Snapshot): ClientState {
  // Before the first snapshot there is only what this server told since the start.
  const isSameEpoch = state.epoch === null || state.epoch === snapshot.epoch;
  const fresh: ClientState = {
    ...state,
    me: snapshot.me,
    epoch: snapshot.epoch,
    userSeq: snapshot.user_seq,
    moreConversations: snapshot.next_cursor ?? ARCHIVE,
    conversations: {},
    typing: {},
  };
  return snapshot.conversations.reduce((after, conversation) => {
    const before = isSameEpoch ? state.conversations[conversation.conversation_id] : undefined;
    return withConversation(after, refreshed(before, conversation));
  }, fresh);
}

function entriesArrived(
  state: ClientState,
  conversationId: string,
  entries: readonly LogEntry[],
  coveredUpTo: number,
): ClientState {
  const userId = state.me?.user_id ?? '';
  const next = changed(state, conversationId, (before) => {
    const folded = entries.reduce((conversation, entry) => foldEntry(conversation, entry, userId), before);
    return covered(folded, coveredUpTo);
  });
  return next === state ? state : entries.reduce((after, entry) => settle(after, entry, userId), next);
}

function covered(conversation: HeldConversation, upTo: number): HeldConversation {
  const { resource, timeline } = conversation;
  if (upTo <= resource.head_seq) return conversation;
  return settled({
    ...conversation,
    resource: { ...resource, head_seq: upTo },
    timeline: coverUpTo(timeline, resource.head_seq, upTo),
  });
}

/** An entry answers the outbox row that asked for it, its sender has stopped typing, and somebody may be gone. */
function settle(state: ClientState, entry: LogEntry, userId: string): ClientState {
  const gone = deletedBy(entry);
  if (gone !== undefined) return state.users[gone] === undefined ? state : withUsers(state, [deletedUser(gone)]);
  if (entry.type !== 'new_message') return answered(state, entry, userId);
  return typingChanged(answered(state, entry, userId), entry.conversation_id, entry.sender_id, null);
}

function answered(state: ClientState, entry: LogEntry, userId: string): ClientState {
  if (entry.sender_id !== userId || !('client_msg_id' in entry)) return state;
  const outbox = state.outbox.filter((row) => row.clientMsgId !== entry.client_msg_id);
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

function typingChanged(
  state: ClientState,
  conversationId: string,
  userId: string,
  untilMs: number | null,
): ClientState {
  const { [userId]: before, ...others } = state.typing[conversationId] ?? {};
  if (untilMs !== null)
    return { ...state, typing: { ...state.typing, [conversationId]: { ...others, [userId]: untilMs } } };
  return before === undefined ? state : { ...state, typing: { ...state.typing, [conversationId]: others } };
}

/** Its place in the log is at or before the head, or the log is not held (any more). */
function isShown(state: ClientState, { conversationId, state: rowState }: OutboxRow): boolean {
  const conversation = state.conversations[conversationId];
  return rowState.kind === 'stored' && (conversation === undefined || conversation.resource.head_seq >= rowState.seq);
}

const withoutRow = (state: ClientState, { clientMsgId }: { clientMsgId: string }): readonly OutboxRow[] =>
  state.outbox.filter((row) => row.clientMsgId !== clientMsgId);

function withRow(outbox: readonly OutboxRow[], row: OutboxRow): readonly OutboxRow[] {
  const index = outbox.findIndex((other) => other.clientMsgId === row.clientMsgId);
  if (outbox[index]?.order === row.order) return outbox.with(index, row);
  const others = index === -1 ? outbox : outbox.toSpliced(index, 1);
  const place = others.findLastIndex((other) => other.order <= row.order) + 1;
  return others.toSpliced(place, 0, row);
}
