import { z } from 'zod';
import { type Content, content } from './content.ts';
import {
  at,
  clientMsgId,
  conversationId,
  conversationKind,
  count,
  emoji,
  humanText,
  messageId,
  role,
  seq,
  timestamp,
  userId,
  visibility,
} from './fields.ts';
import { LIMITS } from './limits.ts';

/**
 * The durable facts of a conversation: the entries of its log. The same objects are stored, replayed and pushed live.
 * Every entry: `seq` gapless from 1 · `count` messages so far, this entry included · `sender_id` who did it.
 */
const header = {
  conversation_id: at(1, conversationId),
  seq: at(2, seq),
  count: at(3, count),
  created_at: at(4, timestamp),
  sender_id: at(5, userId),
};

const name = humanText(1, LIMITS.nameLengthMax);
const description = humanText(0, LIMITS.descriptionLengthMax);
const avatarUrl = z.string().max(LIMITS.urlLengthMax);

export const conversationCreated = z.object({
  type: z.literal('conversation_created'),
  ...header,
  kind: at(10, conversationKind),
  name: at(11, name.optional()),
  description: at(12, description.optional()),
  visibility: at(13, visibility.optional()),
});

export const newMessage = z.object({
  type: z.literal('new_message'),
  ...header,
  message_id: at(10, messageId),
  client_msg_id: at(11, clientMsgId),
  content: at(12, content),
});

/**
 * `client_msg_id` lets the device that edited match its pending edit. `content` is always there but for a member who may not see the target: such an edit only keeps
 * its place (HIST-4).
 */
export const messageEdited = z.object({
  type: z.literal('message_edited'),
  ...header,
  target_seq: at(10, seq),
  client_msg_id: at(11, clientMsgId),
  content: at(12, content.optional()),
});

export const messageDeleted = z.object({
  type: z.literal('message_deleted'),
  ...header,
  target_seq: at(10, seq),
  client_msg_id: at(11, clientMsgId.optional()),
});

export const reaction = z.object({
  type: z.literal('reaction'),
  ...header,
  target_seq: at(10, seq),
  client_msg_id: at(11, clientMsgId),
  emoji: at(12, emoji),
  action: at(13, z.enum(['added', 'removed'])),
});

export const memberAdded = z.object({
  type: z.literal('member_added'),
  ...header,
  user_ids: at(10, z.array(userId).max(1_024)),
});

export const memberRemoved = z.object({
  type: z.literal('member_removed'),
  ...header,
  user_id: at(10, userId),
  reason: at(11, z.enum(['left', 'removed', 'account_deleted'])),
});

export const memberRoleChanged = z.object({
  type: z.literal('member_role_changed'),
  ...header,
  user_id: at(10, userId),
  role: at(11, role),
});

/** Only what changed is present; an empty text clears description or avatar. */
export const conversationUpdated = z.object({
  type: z.literal('conversation_updated'),
  ...header,
  name: at(10, name.optional()),
  description: at(11, description.optional()),
  avatar_url: at(12, avatarUrl.optional()),
  visibility: at(13, visibility.optional()),
});

/** ACCT-1: the account of `sender_id` was deleted. All its messages before this entry are tombstones, as if each had been deleted for everyone. */
export const authorErased = z.object({ type: z.literal('author_erased'), ...header });

export const ENTRY_SCHEMAS = [
  conversationCreated,
  newMessage,
  messageEdited,
  messageDeleted,
  reaction,
  memberAdded,
  memberRemoved,
  memberRoleChanged,
  conversationUpdated,
  authorErased,
] as const;
export const logEntry = z.discriminatedUnion('type', ENTRY_SCHEMAS);
export type LogEntry = z.infer<typeof logEntry>;
export type NewMessage = z.infer<typeof newMessage>;
export type EntryType = LogEntry['type'];

type BodyOf<T extends EntryType> = Omit<
  Extract<LogEntry, { type: T }>,
  'conversation_id' | 'seq' | 'count' | 'created_at' | 'sender_id'
>;

/** An entry before the log has given it a place: what the core hands to `MessageLog.append`. The log knows what every edit says. */
export type EntryBody = {
  [T in EntryType]: T extends 'message_edited' ? BodyOf<T> & { content: Content } : BodyOf<T>;
}[EntryType];
