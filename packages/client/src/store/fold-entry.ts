import type { Conversation, LogEntry, Message, UserEvent } from '@parley/protocol';
import { deletedBy, deletedUser } from './deleted-user.ts';
import { type Amendment, amend, isAmendment, messageOf } from './message.ts';
import { memberGone, otherMoved, settled } from './receipts.ts';
import type { HeldConversation } from './state.ts';
import { appendEntry, bury } from './timeline.ts';

type AuthorErased = Extract<LogEntry, { type: 'author_erased' }>;

/** A conversation with the next entry of its log folded in. Entries at or before its head change nothing (SYNC-8). */
export function foldEntry(held: HeldConversation, entry: LogEntry, userId: string): HeldConversation {
  const headSeq = held.resource.head_seq;
  if (entry.seq <= headSeq) return held;
  const resource = resourceAfter(held.resource, entry, userId);
  const timeline = appendEntry(held.timeline, entry, headSeq, userId);
  const isHidden = entry.type === 'new_message' && held.hidden.includes(entry.seq);
  const folded: HeldConversation = isHidden
    ? {
        ...held,
        timeline: bury(timeline, entry.seq, 'hidden'),
        resource: { ...resource, last_message: held.resource.last_message },
      }
    : { ...held, resource, timeline };
  if (entry.type === 'member_removed') return memberGone(folded, entry.user_id);
  if (!isWrite(entry) || entry.sender_id === userId) return settled(folded);
  return otherMoved(folded, entry.sender_id, { deliveredUpTo: entry.seq, readUpTo: entry.seq });
}

/** Whether the event left open which message is the last: it was hidden, or deleted before this device saw it. */
export const leavesLastMessageOpen = (event: LogEntry | UserEvent): boolean =>
  event.type === 'message_hidden' || event.type === 'message_deleted' || event.type === 'author_erased';

/** Unread is arithmetic (S9): messages so far minus messages up to the read cursor. */
export const withUnread = (resource: Conversation): Conversation => ({
  ...resource,
  unread_count: Math.max(0, resource.message_count - resource.my.read_count),
});

/** What people write, as opposed to changes of members and names. */
const isWrite = (entry: LogEntry): boolean => entry.type === 'new_message' || isAmendment(entry);

function resourceAfter(before: Conversation, entry: LogEntry, userId: string): Conversation {
  const placed = { ...before, head_seq: entry.seq, message_count: entry.count };
  const isOwn = isWrite(entry) && entry.sender_id === userId;
  const resource = withUnread(isOwn ? { ...placed, my: readByWriting(placed.my, entry) } : placed);
  if (isAmendment(entry)) return { ...resource, last_message: lastMessageAfter(resource.last_message, entry, userId) };
  if (entry.type === 'author_erased') return { ...resource, last_message: lastMessageAfterErasure(resource, entry) };
  // The list must not go back with somebody's clock.
  return factAfter(
    { ...resource, last_activity_at: Math.max(before.last_activity_at, entry.created_at) },
    entry,
    userId,
  );
}

function factAfter(
  resource: Conversation,
  entry: Exclude<LogEntry, Amendment | AuthorErased>,
  userId: string,
): Conversation {
  switch (entry.type) {
    case 'new_message':
      return { ...resource, last_message: messageOf(entry) };
    case 'member_added':
      return { ...resource, member_count: resource.member_count + entry.user_ids.length };
    case 'member_removed':
      return { ...resource, member_count: resource.member_count - 1, peer: peerAfter(resource.peer, entry) };
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

/** A last message that is not the newest of the log is hidden here, or the newest was erased before this device saw it: then it has to be asked for. */
function lastMessageAfterErasure({ last_message: last }: Conversation, entry: AuthorErased): Message | null {
  if (last?.count !== entry.count) return null;
  return last.sender_id === entry.sender_id ? { ...last, content: null, edited_at: null, reactions: [] } : last;
}

const peerAfter = (peer: Conversation['peer'], entry: LogEntry): Conversation['peer'] =>
  peer !== null && deletedBy(entry) === peer.user_id ? deletedUser(peer.user_id) : peer;

/** SEND-11: who writes has read what was there; no cursor event follows. */
const readByWriting = (my: Conversation['my'], entry: { seq: number; count: number }): Conversation['my'] => ({
  ...my,
  delivered_up_to: Math.max(my.delivered_up_to, entry.seq),
  read_up_to: Math.max(my.read_up_to, entry.seq),
  read_count: Math.max(my.read_count, entry.count),
});

function lastMessageAfter(last: Message | null, entry: Amendment, userId: string): Message | null {
  if (last !== null && entry.target_seq === last.seq) return amend(last, entry, userId);
  const isNewer = entry.target_seq > (last?.seq ?? 0);
  // A message newer than the last one shown is hidden here, or was erased before this device saw it: then its tombstone has to be asked for.
  return isNewer && entry.type === 'message_deleted' ? null : last;
}
