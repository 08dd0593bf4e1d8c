import type { Conversation, LogEntry, Message } from '@parley/protocol';
import { amend, isAmendment, messageOf } from './message.ts';
import { memberGone, otherMoved } from './receipts.ts';
import type { HeldConversation } from './state.ts';
import { appendEntry } from './timeline.ts';

/** A conversation with the next entry of its log folded in. Entries at or before its head change nothing (SYNC-8). */
export function foldEntry(held: HeldConversation, entry: LogEntry, userId: string): HeldConversation {
  const headSeq = held.resource.head_seq;
  if (entry.seq <= headSeq) return held;
  const resource = resourceAfter(held.resource, entry, userId);
  const folded = { ...held, resource, timeline: appendEntry(held.timeline, entry, headSeq, userId) };
  if (entry.type === 'member_removed') return memberGone(folded, entry.user_id);
  if (entry.type !== 'new_message' || entry.sender_id === userId) return folded;
  return otherMoved(folded, entry.sender_id, { deliveredUpTo: entry.seq, readUpTo: entry.seq });
}

/** Unread is arithmetic (S9): messages so far minus messages up to the read cursor. */
export const withUnread = (resource: Conversation): Conversation => ({
  ...resource,
  unread_count: Math.max(0, resource.message_count - resource.my.read_count),
});

function resourceAfter(before: Conversation, entry: LogEntry, userId: string): Conversation {
  const resource = { ...before, head_seq: entry.seq, message_count: entry.count, last_activity_at: entry.created_at };
  switch (entry.type) {
    case 'new_message':
      return withUnread(
        entry.sender_id === userId
          ? { ...resource, last_message: messageOf(entry), my: readBySending(resource.my, entry) }
          : { ...resource, last_message: messageOf(entry) },
      );
    case 'message_edited':
    case 'message_deleted':
    case 'reaction':
      return { ...resource, last_message: lastMessageAfter(resource.last_message, entry, userId) };
    case 'member_added':
      return { ...resource, member_count: resource.member_count + entry.user_ids.length };
    case 'member_removed':
      return { ...resource, member_count: resource.member_count - 1 };
    case 'member_role_changed':
      return entry.user_id === userId ? { ...resource, my: { ...resource.my, role: entry.role } } : resource;
    case 'conversation_updated':
      return {
        ...resource,
        name: entry.name ?? resource.name,
        visibility: entry.visibility ?? resource.visibility,
        // An empty text clears.
        description: entry.description === undefined ? resource.description : entry.description || null,
        avatar_url: entry.avatar_url === undefined ? resource.avatar_url : entry.avatar_url || null,
      };
    case 'conversation_created':
      return resource;
  }
}

/** SEND-11: who sends has read; no cursor event follows. */
const readBySending = (my: Conversation['my'], entry: { seq: number; count: number }): Conversation['my'] => ({
  ...my,
  delivered_up_to: Math.max(my.delivered_up_to, entry.seq),
  read_up_to: Math.max(my.read_up_to, entry.seq),
  read_count: Math.max(my.read_count, entry.count),
});

const lastMessageAfter = (last: Message | null, entry: LogEntry, userId: string): Message | null =>
  last !== null && isAmendment(entry) && entry.target_seq === last.seq ? amend(last, entry, userId) : last;
