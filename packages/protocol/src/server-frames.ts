import { z } from 'zod';
import { logEntry } from './entries.ts';
import { ERROR_CODES } from './errors.ts';
import {
  at,
  base64,
  clientMsgId,
  conversationId,
  count,
  deviceId,
  durationMs,
  epoch,
  messageId,
  seq,
  timestamp,
  userId,
} from './fields.ts';
import { LIMITS } from './limits.ts';
import { conversation, conversationReceipts, presence } from './resources.ts';

/** Frames from server to client that are not log entries or user events: greeting, replies, ephemerals, sync marks. */
const answers = { re: at(1, z.int().min(0).max(4_294_967_295)) };

/** First frame of every connection. */
export const hello = z.object({
  type: z.literal('hello'),
  protocol: at(1, count),
  server_version: at(2, z.string()),
  server_time: at(3, timestamp),
  connection_id: at(4, z.string()),
  heartbeat_interval_ms: at(5, durationMs),
  authentication_timeout_ms: at(6, durationMs),
  features: at(7, z.array(z.string())),
  frame_bytes_max: at(8, count),
});

/** Reply to `authenticate`. */
export const authenticated = z.object({
  type: z.literal('authenticated'),
  ...answers,
  user_id: at(2, userId),
  device_id: at(3, deviceId),
  token_expires_at: at(4, timestamp),
});

/** Reply to the last `sync`: everything after the device's positions has been sent before this frame; from here on it is live. */
export const resumed = z.object({
  type: z.literal('resumed'),
  ...answers,
  complete: at(2, z.literal(true)),
  user_seq: at(3, seq),
});

/** Reply to `sync` when the positions are of no use: forget the state, take a snapshot, sync again. Nothing is live until then. */
export const resyncRequired = z.object({
  type: z.literal('resync_required'),
  ...answers,
  reason: at(2, z.enum(['epoch_changed', 'too_far_behind', 'position_ahead'])),
  epoch: at(3, epoch),
});

/** The device is too far behind in one conversation: entries after `after_seq` up to `conversation.head_seq` are to be paged. */
export const conversationGap = z.object({
  type: z.literal('conversation_gap'),
  conversation: at(1, conversation),
  after_seq: at(2, seq),
});

/** Reply to send, edit, delete and react: the entry is durable (S2). A repeated command gets the first answer with `duplicate`. */
export const msgAck = z.object({
  type: z.literal('msg_ack'),
  ...answers,
  conversation_id: at(2, conversationId),
  client_msg_id: at(3, clientMsgId),
  /** Only for send_message. */
  message_id: at(4, messageId.optional()),
  /** Place of the entry in the log; absent where nothing new became a fact of it: delete_message with scope `me`, a reaction that was there (REACT-1). */
  seq: at(5, seq.optional()),
  count: at(6, count.optional()),
  created_at: at(7, timestamp),
  duplicate: at(8, z.boolean()),
});

/** Reply of commands that have nothing to say but "done". */
export const done = z.object({ type: z.literal('done'), ...answers });

/** Every seq in (after_seq, covered_up_to] is in `entries`, or lies outside what this member may see. */
export const entries = z.object({
  type: z.literal('entries'),
  ...answers,
  conversation_id: at(2, conversationId),
  after_seq: at(3, seq),
  covered_up_to: at(4, seq),
  head_seq: at(5, seq),
  /** Each as in a live frame. */
  entries: at(6, z.array(logEntry).max(LIMITS.historyLimitMax)),
});

export const pong = z.object({ type: z.literal('pong'), ...answers, server_time: at(2, timestamp) });

/** RFC 9457 problem, the same object that REST answers. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(ERROR_CODES),
  /** What happened, what was and was not done, what to do next. */
  detail: z.string(),
  retry_after_ms: durationMs.optional(),
  request_id: z.string().optional(),
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .max(20)
    .optional(),
});
export type Problem = z.infer<typeof problem>;

/** Refusal of the command `re`, or (without `re`) of a frame that could not be read. */
export const error = z.object({
  type: z.literal('error'),
  re: at(1, z.int().min(0).optional()),
  code: at(2, z.enum(ERROR_CODES)),
  detail: at(3, z.string()),
  retry_after_ms: at(4, durationMs.optional()),
  client_msg_id: at(5, clientMsgId.optional()),
  errors: at(
    6,
    z
      .array(z.object({ field: at(1, z.string()), message: at(2, z.string()) }))
      .max(20)
      .optional(),
  ),
});

/** Members whose cursors moved, each with both its places; all recipients get the same frame, so their own may be among them. Hints: the truth is in the conversation. */
export const receipts = z.object({
  type: z.literal('receipts'),
  conversation_id: at(1, conversationId),
  cursors: at(
    2,
    z
      .array(z.object({ user_id: at(1, userId), delivered_up_to: at(2, seq), read_up_to: at(3, seq) }))
      .min(1)
      .max(LIMITS.cursorsPerFrameMax),
  ),
  /** The smallest cursors of all members. */
  all: at(3, conversationReceipts),
});

/** Ephemeral; expires by itself after 5 s. */
const typing = { conversation_id: at(1, conversationId), user_id: at(2, userId) };
export const typingStartNews = z.object({ type: z.literal('typing_start'), ...typing });
export const typingStopNews = z.object({ type: z.literal('typing_stop'), ...typing });

export const presenceUpdate = z.object({ type: z.literal('presence_update'), ...presence.shape });

/** An item of this device's mailbox; `seq` is gapless per device. */
export const mailboxItem = z.object({
  type: z.literal('mailbox_item'),
  seq: at(1, seq),
  sender_id: at(2, userId),
  sender_device_id: at(3, deviceId),
  created_at: at(4, timestamp),
  payload: at(5, base64(LIMITS.mailboxPayloadLengthMax)),
});
export type MailboxItem = z.infer<typeof mailboxItem>;

/** The server is about to close the connection: reconnect after this time (already jittered for each connection). */
export const closing = z.object({ type: z.literal('closing'), reconnect_after_ms: at(1, durationMs) });

export const NOTICE_SCHEMAS = [
  hello,
  authenticated,
  resumed,
  resyncRequired,
  conversationGap,
  msgAck,
  done,
  entries,
  pong,
  error,
  receipts,
  typingStartNews,
  typingStopNews,
  presenceUpdate,
  mailboxItem,
  closing,
] as const;
export const notice = z.discriminatedUnion('type', NOTICE_SCHEMAS);
export type Notice = z.infer<typeof notice>;
export type NoticeOf<T extends Notice['type']> = Extract<Notice, { type: T }>;
