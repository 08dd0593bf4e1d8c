import { z } from 'zod';
import { contentInput } from './content.ts';
import { at, base64, clientMsgId, conversationId, count, deviceId, emoji, epoch, seq, userId } from './fields.ts';
import { LIMITS } from './limits.ts';
import { position } from './resources.ts';

/** Frames from client to server. `id` is chosen by the client; the reply carries it as `re`. Commands without a reply have none. */
const asked = { id: at(1, z.int().min(0).max(4_294_967_295)) };

export const authenticate = z.object({
  type: z.literal('authenticate'),
  ...asked,
  token: at(2, z.string().max(4_096).optional()),
  /** One-time ticket of POST /api/v1/auth/ticket, instead of a token. */
  ticket: at(3, z.string().max(200).optional()),
});

/** What the device holds. `epoch` and `user_seq` come from its snapshot or last sync. `more: true` announces another `sync`. */
export const sync = z.object({
  type: z.literal('sync'),
  ...asked,
  epoch: at(2, epoch),
  user_seq: at(3, seq),
  positions: at(4, z.array(position).max(LIMITS.syncPositionsMax)),
  more: at(5, z.boolean().optional()),
});

export const sendMessage = z.object({
  type: z.literal('send_message'),
  ...asked,
  client_msg_id: at(2, clientMsgId),
  conversation_id: at(3, conversationId),
  /** Absent only when `forward` is given. */
  content: at(4, contentInput.optional()),
  /** Forward this message instead of writing new content. */
  forward: at(5, position.optional()),
});
export const editMessage = z.object({
  type: z.literal('edit_message'),
  ...asked,
  client_msg_id: at(2, clientMsgId),
  conversation_id: at(3, conversationId),
  target_seq: at(4, seq),
  content: at(5, contentInput),
});
export const deleteMessage = z.object({
  type: z.literal('delete_message'),
  ...asked,
  client_msg_id: at(2, clientMsgId),
  conversation_id: at(3, conversationId),
  target_seq: at(4, seq),
  scope: at(5, z.enum(['everyone', 'me'])),
});
export const react = z.object({
  type: z.literal('react'),
  ...asked,
  client_msg_id: at(2, clientMsgId),
  conversation_id: at(3, conversationId),
  target_seq: at(4, seq),
  emoji: at(5, emoji),
  action: at(6, z.enum(['added', 'removed'])),
});

/** Receipts are cursors: everything up to `up_to` is on this device / has been read. No reply; repeated until the cursor has moved. */
const receipt = { conversation_id: at(1, conversationId), up_to: at(2, seq) };
export const deliveryReceipt = z.object({ type: z.literal('delivery_receipt'), ...receipt });
export const readReceipt = z.object({ type: z.literal('read_receipt'), ...receipt });

export const typingStart = z.object({ type: z.literal('typing_start'), conversation_id: at(1, conversationId) });
export const typingStop = z.object({ type: z.literal('typing_stop'), conversation_id: at(1, conversationId) });

/** Replaces the set of users whose presence this connection wants to hear of (those whose chat is open). */
export const presenceWatch = z.object({
  type: z.literal('presence_watch'),
  ...asked,
  user_ids: at(2, z.array(userId).max(LIMITS.presenceUsersMax)),
});

/** Live events of a channel while it is open. Direct and group conversations need no subscription. */
export const subscribe = z.object({
  type: z.literal('subscribe'),
  ...asked,
  conversation_id: at(2, conversationId),
  after_seq: at(3, seq),
});
export const unsubscribe = z.object({
  type: z.literal('unsubscribe'),
  ...asked,
  conversation_id: at(2, conversationId),
});

/** The raw log after a place: closes a gap. */
export const fetchEntries = z.object({
  type: z.literal('fetch_entries'),
  ...asked,
  conversation_id: at(2, conversationId),
  after_seq: at(3, seq),
  limit: at(4, count),
});

/** Device-to-device payload; opaque to the server, kept until the device acknowledges it. */
export const mailboxSend = z.object({
  type: z.literal('mailbox_send'),
  ...asked,
  client_msg_id: at(2, clientMsgId),
  items: at(
    3,
    z
      .array(
        z.object({
          user_id: at(1, userId),
          device_id: at(2, deviceId),
          payload: at(3, base64(LIMITS.mailboxPayloadLengthMax)),
        }),
      )
      .min(1)
      .max(LIMITS.mailboxItemsPerRequestMax),
  ),
});
/** Deletes everything up to this place of the device's mailbox. */
export const mailboxAck = z.object({ type: z.literal('mailbox_ack'), up_to: at(1, seq) });

export const ping = z.object({ type: z.literal('ping'), ...asked });

export const COMMAND_SCHEMAS = [
  authenticate,
  sync,
  sendMessage,
  editMessage,
  deleteMessage,
  react,
  deliveryReceipt,
  readReceipt,
  typingStart,
  typingStop,
  presenceWatch,
  subscribe,
  unsubscribe,
  fetchEntries,
  mailboxSend,
  mailboxAck,
  ping,
] as const;
export const command = z.discriminatedUnion('type', COMMAND_SCHEMAS);
export type Command = z.infer<typeof command>;
export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;
