import type { Command, Conversation, Decoded, ServerFrame, UserId } from '@parley/protocol';
import { factOf, type UntimedLine } from './history.ts';

type Write = (line: UntimedLine) => void;

/** Writes down what a server gave to a connection, where the checker cares. Device names begin with their user's: `<user id> <number>`. */
export function recordFrame(write: Write, device: string, connection: string, frame: ServerFrame): void {
  switch (frame.type) {
    case 'conversation_created':
    case 'new_message':
    case 'message_edited':
    case 'message_deleted':
    case 'reaction':
    case 'member_added':
    case 'member_removed':
    case 'member_role_changed':
    case 'conversation_updated':
    case 'author_erased':
      return write({
        type: 'sent',
        connection,
        device,
        user: userOf(device),
        conversation: frame.conversation_id,
        entry: factOf(frame),
      });
    case 'msg_ack':
      if (frame.seq === undefined) return;
      return write({
        type: 'acked',
        connection,
        device,
        conversation: frame.conversation_id,
        key: frame.client_msg_id,
        seq: frame.seq,
        duplicate: frame.duplicate,
      });
    case 'resync_required':
      return write({ type: 'rewound', connection });
    case 'conversation_gap': {
      const { conversation_id: conversation, head_seq: head } = frame.conversation;
      return write({ type: 'rewound', connection, conversation, head });
    }
    case 'conversation_joined':
      return write(joinedLine(connection, frame.conversation));
    case 'conversation_left':
      return write({ type: 'rewound', connection, conversation: frame.conversation_id });
    case 'receipts':
      for (const { user_id, delivered_up_to, read_up_to } of frame.cursors)
        write({
          type: 'receipt',
          device,
          conversation: frame.conversation_id,
          user: user_id,
          delivered: delivered_up_to,
          read: read_up_to,
          deliveredByAll: frame.all.delivered_up_to,
          readByAll: frame.all.read_up_to,
        });
      return;
    case 'presence_update':
      return write({
        type: 'presence',
        device,
        user: frame.user_id,
        isTelling: frame.status !== 'offline' || frame.last_seen_at !== null,
      });
    default:
  }
}

/** A channel goes on when it is asked for. */
const joinedLine = (connection: string, { conversation_id: conversation, head_seq: head, kind }: Conversation) =>
  kind === 'channel'
    ? ({ type: 'rewound', connection, conversation } as const)
    : ({ type: 'joined', connection, conversation, head } as const);

/** Writes down the places from which a connection goes on. */
export function recordCommand(write: Write, device: string, connection: string, decoded: Decoded<Command>): void {
  if (decoded.kind !== 'ok') return;
  const command = decoded.value;
  const user = userOf(device);
  if (command.type === 'sync') {
    const positions = command.positions.map(({ conversation_id: conversation, seq }) => ({ conversation, seq }));
    write({ type: 'synced', connection, device, user, positions });
  } else if (command.type === 'subscribe') {
    const { conversation_id: conversation, after_seq: seq } = command;
    write({ type: 'subscribed', connection, device, user, conversation, seq });
  } else if (command.type === 'unsubscribe')
    write({ type: 'unsubscribed', connection, conversation: command.conversation_id });
}

// The cast holds: names are made of parsed user ids.
const userOf = (device: string) => device.slice(0, device.indexOf(' ')) as UserId;
