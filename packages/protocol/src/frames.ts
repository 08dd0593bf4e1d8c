import { z } from 'zod';
import type { COMMAND_SCHEMAS } from './commands.ts';
import { ENTRY_SCHEMAS, type LogEntry } from './entries.ts';
import { NOTICE_SCHEMAS, type Notice } from './server-frames.ts';
import { USER_EVENT_SCHEMAS, type UserEvent } from './user-events.ts';

/** WebSocket subprotocols, in the server's order of preference. */
export const SUBPROTOCOLS = { binary: 'parley.v1.pb', json: 'parley.v1.json' } as const;
export type SubprotocolName = keyof typeof SUBPROTOCOLS;
export const PROTOCOL_VERSION = 1;

/** Everything that a server sends. */
export type ServerFrame = LogEntry | UserEvent | Notice;
export const SERVER_FRAME_SCHEMAS = [...NOTICE_SCHEMAS, ...ENTRY_SCHEMAS, ...USER_EVENT_SCHEMAS] as const;
export const serverFrame = z.discriminatedUnion('type', SERVER_FRAME_SCHEMAS);

/** Field numbers of the frames inside the binary envelope (a protobuf `oneof`). Never reused. */
export const COMMAND_NUMBERS = {
  authenticate: 1,
  sync: 2,
  send_message: 3,
  edit_message: 4,
  delete_message: 5,
  react: 6,
  delivery_receipt: 7,
  read_receipt: 8,
  typing_start: 9,
  typing_stop: 10,
  presence_watch: 11,
  subscribe: 12,
  unsubscribe: 13,
  fetch_entries: 14,
  mailbox_send: 15,
  mailbox_ack: 16,
  ping: 17,
} as const satisfies Record<(typeof COMMAND_SCHEMAS)[number]['shape']['type']['value'], number>;

export const SERVER_FRAME_NUMBERS = {
  new_message: 1,
  msg_ack: 2,
  receipts: 3,
  typing_start: 5,
  typing_stop: 6,
  presence_update: 7,
  cursor_moved: 8,
  message_edited: 9,
  message_deleted: 10,
  reaction: 11,
  pong: 12,
  done: 13,
  error: 14,
  hello: 20,
  authenticated: 21,
  resumed: 22,
  resync_required: 23,
  conversation_gap: 24,
  entries: 25,
  closing: 26,
  mailbox_item: 27,
  conversation_created: 30,
  conversation_updated: 31,
  member_added: 32,
  member_removed: 33,
  member_role_changed: 34,
  author_erased: 35,
  conversation_joined: 40,
  conversation_left: 41,
  settings_changed: 42,
  message_hidden: 43,
  profile_changed: 44,
  devices_changed: 45,
} as const satisfies Record<ServerFrame['type'], number>;
