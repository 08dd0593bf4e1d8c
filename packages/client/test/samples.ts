import {
  type Conversation,
  type HistoryPage,
  type LogEntry,
  type Me,
  type Message,
  makeGroupId,
  makeMessageId,
  makeUserId,
  type NewMessage,
  type Snapshot,
  type UserId,
} from '@parley/protocol';
import { reduce } from '../src/store/reduce.ts';
import { type ClientState, emptyState } from '../src/store/state.ts';
import type { StoreEvent } from '../src/store/store-event.ts';

/** Values for tests of the pure parts. */

export const GROUP = makeGroupId(1n);
export const ALICE = makeUserId(1n);
export const BOB = makeUserId(2n);

export const me: Me = {
  user_id: ALICE,
  username: 'alice',
  name: 'Alice',
  status: null,
  avatar_url: null,
  deleted: false,
  email: null,
  phone: null,
  privacy: { last_seen: 'everyone', read_receipts: true },
  is_admin: false,
  created_at: 1,
};

export const conversation = (change: Partial<Conversation> = {}): Conversation => ({
  conversation_id: GROUP,
  kind: 'group',
  name: 'Friends',
  description: null,
  avatar_url: null,
  visibility: 'private',
  created_at: 1,
  member_count: 2,
  head_seq: 2,
  message_count: 0,
  last_activity_at: 1,
  unread_count: 0,
  last_message: null,
  peer: null,
  receipts: { delivered_up_to: 0, read_up_to: 0 },
  my: {
    role: 'owner',
    visible_from_seq: 1,
    delivered_up_to: 0,
    read_up_to: 0,
    read_count: 0,
    settings: { archived: false, pinned: false, muted_until: null, notifications: 'all' },
  },
  ...change,
});

export const snapshot = (change: Partial<Conversation> = {}): Snapshot => ({
  epoch: 'first',
  user_seq: 1,
  me,
  conversations: [conversation(change)],
  next_cursor: null,
});

const uuidOf = (seq: number): string => `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`;

export const said = (seq: number, sender: UserId = BOB, text = `message ${seq}`): NewMessage => ({
  type: 'new_message',
  conversation_id: GROUP,
  seq,
  count: seq - 2,
  created_at: seq * 1_000,
  sender_id: sender,
  message_id: makeMessageId(BigInt(seq)),
  client_msg_id: uuidOf(seq),
  content: { text },
});

type Rest = { readonly target_seq: number } & (
  | { readonly type: 'message_edited'; readonly content: { readonly text: string } }
  | { readonly type: 'message_deleted' }
  | { readonly type: 'reaction'; readonly emoji: string; readonly action: 'added' | 'removed' }
);

export const amended = (seq: number, rest: Rest, sender: UserId = BOB): LogEntry => ({
  conversation_id: GROUP,
  seq,
  count: 1,
  created_at: seq * 1_000,
  sender_id: sender,
  client_msg_id: uuidOf(seq),
  ...rest,
});

export const message = (entry: NewMessage, change: Partial<Message> = {}): Message => {
  const { type: _, ...header } = entry;
  return { ...header, edited_at: null, reactions: [], state_seq: entry.seq, ...change };
};

export const page = (from_seq: number, to_seq: number, messages: Message[]): HistoryPage => ({
  messages,
  entries: [],
  tombstones: [],
  covered: { from_seq, to_seq },
  head_seq: to_seq,
  epoch: 'first',
  older_cursor: null,
  newer_cursor: null,
});

export const arrived = (...entries: LogEntry[]): StoreEvent => ({
  type: 'entries_arrived',
  conversationId: GROUP,
  entries,
  coveredUpTo: entries.at(-1)?.seq ?? 0,
});

/** The state after a snapshot of one group at seq 2, and events. */
export const stateAfter = (...events: StoreEvent[]): ClientState =>
  [{ type: 'snapshot_taken', snapshot: snapshot() } as const, ...events].reduce(reduce, emptyState);
