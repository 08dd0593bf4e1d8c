import { z } from 'zod';
import { contentInput } from '../content.ts';
import { logEntry } from '../entries.ts';
import { clientMsgId, conversationId, count, emoji, opaqueCursor, seq, timestamp, userId } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { message, position } from '../resources.ts';
import { msgAck } from '../server-frames.ts';
import { limit, pageQuery, whole } from './paging.ts';
import { route } from './route.ts';

const inConversation = z.object({ conversation_id: conversationId });
const ofMessage = z.object({ conversation_id: conversationId, seq: whole(1) });
const place = whole(0).optional();
const key = { client_msg_id: clientMsgId };

/** The answer of every write: as `msg_ack` on the socket. */
export const writeAnswer = msgAck.omit({ type: true, re: true });
export type WriteAnswer = z.infer<typeof writeAnswer>;

/**
 * A page of history in present state. Every seq in [covered.from_seq, covered.to_seq] is a message here, a tombstone, or an entry
 * that is no message (an edit, a reaction: already folded in; a change of members or name: in `entries`).
 */
export const historyPage = z.object({
  messages: z.array(message).max(LIMITS.historyLimitMax),
  /** Membership and name changes inside the covered range, for the timeline. */
  entries: z.array(logEntry).max(LIMITS.historyLimitMax),
  tombstones: z.array(z.object({ seq, reason: z.enum(['deleted', 'hidden']) })),
  covered: z.object({ from_seq: seq, to_seq: seq }),
  head_seq: seq,
  epoch: z.string(),
  /** For the next older page; `null` when the covered range reaches the first entry that this member may see. */
  older_cursor: z.string().nullable(),
  /** For the next newer page; `null` when the covered range reaches the head. */
  newer_cursor: z.string().nullable(),
});
export type HistoryPage = z.infer<typeof historyPage>;

/** Who has a message and who has read it. Names only in direct and group conversations; channels answer counts. */
export const messageReceipts = z.object({
  recipients: count,
  delivered: count,
  read: count,
  items: z.array(z.object({ user_id: userId, delivered: z.boolean(), read: z.boolean() })).max(LIMITS.listLimitMax),
  next_cursor: z.string().nullable(),
});

const writeErrors = [
  'NOT_FOUND',
  'FORBIDDEN',
  'KEY_REUSED',
  'CONFLICT',
  'MESSAGE_GONE',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
] as const;

export const messageRoutes = {
  listMessages: route({
    method: 'GET',
    path: '/conversations/:conversation_id/messages',
    auth: 'user',
    summary: 'History, newest page first; give one of cursor, before_seq, after_seq, around_seq or none',
    params: inConversation,
    query: z.object({
      cursor: opaqueCursor.optional(),
      before_seq: place,
      after_seq: place,
      around_seq: place,
      limit: limit(LIMITS.historyLimitDefault, LIMITS.historyLimitMax),
    }),
    status: 200,
    response: historyPage,
    errors: ['NOT_FOUND', 'BAD_CURSOR', 'LIMIT_TOO_HIGH'],
  }),
  listEntries: route({
    method: 'GET',
    path: '/conversations/:conversation_id/entries',
    auth: 'user',
    summary: 'The raw log after a place, oldest first: closes gaps',
    params: inConversation,
    query: z.object({
      after_seq: whole(0),
      limit: limit(LIMITS.historyLimitDefault, LIMITS.historyLimitMax),
    }),
    status: 200,
    response: z.object({
      after_seq: seq,
      covered_up_to: seq,
      head_seq: seq,
      epoch: z.string(),
      entries: z.array(logEntry),
    }),
    errors: ['NOT_FOUND', 'LIMIT_TOO_HIGH'],
  }),
  sendMessage: route({
    method: 'POST',
    path: '/conversations/:conversation_id/messages',
    auth: 'user',
    summary: 'Send a message; answered when it is durable',
    idempotent: true,
    params: inConversation,
    body: z.object({ ...key, content: contentInput }),
    status: 201,
    response: writeAnswer,
    errors: writeErrors,
  }),
  forwardMessage: route({
    method: 'POST',
    path: '/conversations/:conversation_id/forward',
    auth: 'user',
    summary: 'Forward a message that one can read into this conversation',
    idempotent: true,
    params: inConversation,
    body: z.object({ ...key, source: position }),
    status: 201,
    response: writeAnswer,
    errors: writeErrors,
  }),
  editMessage: route({
    method: 'PATCH',
    path: '/conversations/:conversation_id/messages/:seq',
    auth: 'user',
    summary: 'Edit an own message',
    idempotent: true,
    params: ofMessage,
    body: z.object({ ...key, content: contentInput }),
    status: 200,
    response: writeAnswer,
    errors: [...writeErrors, 'EDIT_WINDOW_CLOSED'],
  }),
  deleteMessage: route({
    method: 'DELETE',
    path: '/conversations/:conversation_id/messages/:seq',
    auth: 'user',
    summary: 'Delete a message for everyone (author, admins) or for oneself',
    idempotent: true,
    params: ofMessage,
    body: z.object({ ...key, scope: z.enum(['everyone', 'me']) }),
    status: 200,
    response: writeAnswer,
    errors: [...writeErrors, 'EDIT_WINDOW_CLOSED'],
  }),
  react: route({
    method: 'PUT',
    path: '/conversations/:conversation_id/messages/:seq/reactions',
    auth: 'user',
    summary: 'Add or remove an own reaction',
    idempotent: true,
    params: ofMessage,
    body: z.object({ ...key, emoji, action: z.enum(['added', 'removed']) }),
    status: 200,
    response: writeAnswer,
    errors: writeErrors,
  }),
  getReceipts: route({
    method: 'GET',
    path: '/conversations/:conversation_id/messages/:seq/receipts',
    auth: 'user',
    summary: 'Who has a message and who has read it (its sender only)',
    params: ofMessage,
    query: z.object(pageQuery),
    status: 200,
    response: messageReceipts,
    errors: ['NOT_FOUND', 'BAD_CURSOR', 'LIMIT_TOO_HIGH'],
  }),
  moveCursors: route({
    method: 'PUT',
    path: '/conversations/:conversation_id/receipts',
    auth: 'user',
    summary: 'Say how far messages are on this device and how far they are read',
    params: inConversation,
    body: z.object({ delivered_up_to: seq.optional(), read_up_to: seq.optional() }),
    status: 200,
    response: z.object({ delivered_up_to: seq, read_up_to: seq, unread_count: count, changed_at: timestamp }),
    errors: ['NOT_FOUND'],
  }),
};
