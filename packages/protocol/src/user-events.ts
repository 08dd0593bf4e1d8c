import { z } from 'zod';
import { at, conversationId, count, deviceId, seq } from './fields.ts';
import { conversation, me, mySettings } from './resources.ts';

/**
 * Events of a user's own log: what all devices of one user must learn. `user_seq` is gapless; a later entry may supersede an
 * earlier one of the same kind and conversation (then only the later is replayed).
 */
const header = { user_seq: at(1, seq) };

/** The conversation as it is now, at the time of sending. */
export const conversationJoined = z.object({
  type: z.literal('conversation_joined'),
  ...header,
  conversation: at(2, conversation),
});
export const conversationLeft = z.object({
  type: z.literal('conversation_left'),
  ...header,
  conversation_id: at(2, conversationId),
  reason: at(3, z.enum(['left', 'removed', 'account_deleted'])),
});
/** Own cursors, moved by any device of this user. */
export const cursorMoved = z.object({
  type: z.literal('cursor_moved'),
  ...header,
  conversation_id: at(2, conversationId),
  delivered_up_to: at(3, seq),
  read_up_to: at(4, seq),
  read_count: at(5, count),
});
export const settingsChanged = z.object({
  type: z.literal('settings_changed'),
  ...header,
  conversation_id: at(2, conversationId),
  settings: at(3, mySettings),
});
/** "Deleted for me". */
export const messageHidden = z.object({
  type: z.literal('message_hidden'),
  ...header,
  conversation_id: at(2, conversationId),
  seq: at(3, seq),
});
export const profileChanged = z.object({ type: z.literal('profile_changed'), ...header, me: at(2, me) });
export const devicesChanged = z.object({
  type: z.literal('devices_changed'),
  ...header,
  device_id: at(2, deviceId),
  change: at(3, z.enum(['added', 'removed'])),
});

export const USER_EVENT_SCHEMAS = [
  conversationJoined,
  conversationLeft,
  cursorMoved,
  settingsChanged,
  messageHidden,
  profileChanged,
  devicesChanged,
] as const;
export const userEvent = z.discriminatedUnion('type', USER_EVENT_SCHEMAS);
export type UserEvent = z.infer<typeof userEvent>;
