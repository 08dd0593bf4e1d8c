import type { ConversationView, HistorySlice, Stores, UserLogEntry } from '@parley/core';
import type { Conversation, HistoryPage, LogEntry, Me, UserEvent, UserId } from '@parley/protocol';

/** What the loopback server says, made from what the stores answer. */

export const conversationOf = ({ record, head, membership, ...view }: ConversationView): Conversation => ({
  conversation_id: record.conversationId,
  kind: record.kind,
  name: record.name,
  description: record.description,
  avatar_url: record.avatarUrl,
  visibility: record.visibility,
  created_at: record.createdAt,
  member_count: record.memberCount,
  head_seq: head.seq,
  message_count: head.count,
  last_activity_at: head.lastActivityAt,
  unread_count: head.count - membership.readCount,
  last_message: view.lastMessage,
  peer: view.peer,
  receipts: { delivered_up_to: view.deliveredByAllUpTo, read_up_to: view.readByAllUpTo },
  my: {
    role: membership.role,
    visible_from_seq: membership.visibleFromSeq,
    delivered_up_to: membership.deliveredUpTo,
    read_up_to: membership.readUpTo,
    read_count: membership.readCount,
    settings: membership.settings,
  },
});

/** HIST-4: an edit of what was said before the joining says nothing. */
export function entrySeenBy({ membership }: ConversationView, entry: LogEntry): LogEntry {
  if (entry.type !== 'message_edited' || entry.target_seq >= membership.visibleFromSeq) return entry;
  const { content: _, ...place } = entry;
  return place;
}

export async function meOf(stores: Stores, userId: UserId): Promise<Me> {
  const account = (await stores.accountStore.findMany([userId])).get(userId);
  if (account === undefined) throw new Error(`The test server has no account ${userId}.`);
  return {
    user_id: userId,
    username: account.username,
    name: account.name,
    status: account.status,
    avatar_url: account.avatarUrl,
    deleted: false,
    email: account.email,
    phone: account.phone,
    privacy: account.privacy,
    is_admin: account.isAdmin,
    created_at: account.createdAt,
  };
}

/** Undefined: there is nothing to tell (any more). */
export async function userEventOf(stores: Stores, entry: UserLogEntry): Promise<UserEvent | undefined> {
  const user_seq = entry.seq;
  switch (entry.type) {
    case 'conversation_joined': {
      const view = await stores.conversationStore.view(entry.conversationId, entry.userId);
      return view && { type: 'conversation_joined', user_seq, conversation: conversationOf(view) };
    }
    case 'conversation_left':
      return { type: 'conversation_left', user_seq, conversation_id: entry.conversationId, reason: entry.reason };
    case 'cursor_moved':
      return {
        type: 'cursor_moved',
        user_seq,
        conversation_id: entry.conversationId,
        delivered_up_to: entry.deliveredUpTo,
        read_up_to: entry.readUpTo,
        read_count: entry.readCount,
      };
    case 'settings_changed':
      return { type: 'settings_changed', user_seq, conversation_id: entry.conversationId, settings: entry.settings };
    case 'message_hidden':
      return { type: 'message_hidden', user_seq, conversation_id: entry.conversationId, seq: entry.messageSeq };
    case 'profile_changed':
      return { type: 'profile_changed', user_seq, me: await meOf(stores, entry.userId) };
    case 'devices_changed':
      return { type: 'devices_changed', user_seq, device_id: entry.deviceId, change: entry.change };
  }
}

export const pageOf = (slice: HistorySlice, epoch: string): HistoryPage => ({
  messages: [...slice.messages],
  entries: [...slice.entries],
  tombstones: [...slice.tombstones],
  covered: { from_seq: slice.covered.fromSeq, to_seq: slice.covered.toSeq },
  head_seq: slice.headSeq,
  epoch,
  older_cursor: null,
  newer_cursor: null,
});
