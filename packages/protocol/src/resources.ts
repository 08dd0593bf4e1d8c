import { z } from 'zod';
import { content } from './content.ts';
import {
  at,
  clientMsgId,
  conversationId,
  conversationKind,
  count,
  deviceId,
  emoji,
  epoch,
  humanText,
  messageId,
  notificationLevel,
  role,
  seq,
  timestamp,
  userId,
  visibility,
} from './fields.ts';
import { LIMITS } from './limits.ts';

/** Things that REST answers and events carry. An absent value is `null`, never a missing key. */

const text = (lengthMax: number) => z.string().max(lengthMax);

export const user = z.object({
  user_id: at(1, userId),
  username: at(2, text(LIMITS.usernameLengthMax).nullable()),
  name: at(3, text(LIMITS.nameLengthMax)),
  status: at(4, text(LIMITS.statusLengthMax).nullable()),
  avatar_url: at(5, text(LIMITS.urlLengthMax).nullable()),
  /** The account is gone; its name reads "Deleted user". */
  deleted: at(6, z.boolean()),
});
export type User = z.infer<typeof user>;

export const privacy = z.object({
  /** Who may see online state and last seen. `contacts`: people with whom a direct conversation exists. */
  last_seen: at(1, z.enum(['everyone', 'contacts', 'nobody'])),
  /** Whether others learn what this user has read; also hides theirs from this user. */
  read_receipts: at(2, z.boolean()),
});
export type Privacy = z.infer<typeof privacy>;

export const me = z.object({
  ...user.shape,
  email: at(10, text(254).nullable()),
  phone: at(11, text(16).nullable()),
  privacy: at(12, privacy),
  is_admin: at(13, z.boolean()),
  created_at: at(14, timestamp),
});
export type Me = z.infer<typeof me>;

export const device = z.object({
  device_id: at(1, deviceId),
  name: at(2, text(LIMITS.nameLengthMax)),
  created_at: at(3, timestamp),
  last_active_at: at(4, timestamp),
  /** The device that asks. */
  current: at(5, z.boolean()),
});
export type Device = z.infer<typeof device>;

export const reactionCount = z.object({ emoji: at(1, emoji), count: at(2, count), me: at(3, z.boolean()) });
export type ReactionCount = z.infer<typeof reactionCount>;

/**
 * A message in its present state: log entry plus all later edits, reactions and deletion folded in.
 * `state_seq` is the last log entry that is folded in: a reader that replays the log skips amendments up to it.
 */
export const message = z.object({
  conversation_id: at(1, conversationId),
  seq: at(2, seq),
  count: at(3, count),
  created_at: at(4, timestamp),
  sender_id: at(5, userId),
  message_id: at(6, messageId),
  client_msg_id: at(7, clientMsgId),
  /** `null`: deleted for everyone. */
  content: at(8, content.nullable()),
  edited_at: at(9, timestamp.nullable()),
  reactions: at(10, z.array(reactionCount).max(LIMITS.reactionsPerMessageMax)),
  state_seq: at(11, seq),
});
export type Message = z.infer<typeof message>;

/** How far everybody is: the smallest cursor of all members. A sender's message at or below is "delivered to all" / "read by all". */
export const conversationReceipts = z.object({ delivered_up_to: at(1, seq), read_up_to: at(2, seq) });

export const mySettings = z.object({
  archived: at(1, z.boolean()),
  pinned: at(2, z.boolean()),
  /** Unix ms; `null` is not muted. */
  muted_until: at(3, timestamp.nullable()),
  notifications: at(4, notificationLevel),
});
export type MySettings = z.infer<typeof mySettings>;

export const myMembership = z.object({
  role: at(1, role),
  /** First seq of the log that this member may read. */
  visible_from_seq: at(2, seq),
  delivered_up_to: at(3, seq),
  read_up_to: at(4, seq),
  /** `count` at `read_up_to`; unread = message_count - read_count (S9). */
  read_count: at(5, count),
  settings: at(6, mySettings),
});
export type MyMembership = z.infer<typeof myMembership>;

/** A conversation as one member sees it. */
export const conversation = z.object({
  conversation_id: at(1, conversationId),
  kind: at(2, conversationKind),
  /** `null` for direct: show the peer's name. */
  name: at(3, text(LIMITS.nameLengthMax).nullable()),
  description: at(4, text(LIMITS.descriptionLengthMax).nullable()),
  avatar_url: at(5, text(LIMITS.urlLengthMax).nullable()),
  visibility: at(6, visibility),
  created_at: at(7, timestamp),
  member_count: at(8, count),
  head_seq: at(9, seq),
  message_count: at(10, count),
  last_activity_at: at(11, timestamp),
  unread_count: at(12, count),
  last_message: at(13, message.nullable()),
  /** The other user of a direct conversation. */
  peer: at(14, user.nullable()),
  receipts: at(15, conversationReceipts),
  my: at(16, myMembership),
});
export type Conversation = z.infer<typeof conversation>;

export const member = z.object({ user: at(1, user), role: at(2, role), joined_at: at(3, timestamp) });
export type Member = z.infer<typeof member>;

export const presence = z.object({
  user_id: at(1, userId),
  status: at(2, z.enum(['online', 'offline'])),
  /** `null`: unknown or hidden. */
  last_seen_at: at(3, timestamp.nullable()),
});
export type Presence = z.infer<typeof presence>;

/** A place in both kinds of log under one epoch. */
export const position = z.object({ conversation_id: at(1, conversationId), seq: at(2, seq) });
export type Position = z.infer<typeof position>;

/** First state of a new device: `user_seq` was read before the conversations, so replaying from it repeats but never misses. */
export const snapshot = z.object({
  epoch: at(1, epoch),
  user_seq: at(2, seq),
  me: at(3, me),
  conversations: at(4, z.array(conversation).max(LIMITS.listLimitMax)),
  next_cursor: at(5, z.string().nullable()),
});
export type Snapshot = z.infer<typeof snapshot>;

export const displayName = humanText(1, LIMITS.nameLengthMax);
