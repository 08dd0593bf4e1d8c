import type { LogEntry, UserId, WriteAnswer } from '@parley/protocol';
import type { OutboxRow } from '../outbox/outbox-row.ts';

/**
 * The log entry that an own acknowledgement stands for (SYNC-3): the device knows what it wrote, the answer says where it lies. Undefined where the
 * content was made by the server (forward) or there is no entry ("delete for me").
 */
export function entryOfAck(row: OutboxRow, ack: WriteAnswer, userId: UserId): LogEntry | undefined {
  const { seq, count, message_id: messageId } = ack;
  if (seq === undefined || count === undefined) return undefined;
  const header = {
    conversation_id: row.conversationId,
    seq,
    count,
    created_at: ack.created_at,
    sender_id: userId,
    client_msg_id: row.clientMsgId,
  };
  const { write } = row;
  switch (write.kind) {
    case 'send':
      if (messageId === undefined) return undefined;
      return { type: 'new_message', ...header, message_id: messageId, content: write.content };
    case 'edit':
      return { type: 'message_edited', ...header, target_seq: write.targetSeq, content: write.content };
    case 'delete':
      return { type: 'message_deleted', ...header, target_seq: write.targetSeq };
    case 'react':
      return { type: 'reaction', ...header, target_seq: write.targetSeq, emoji: write.emoji, action: write.action };
    case 'forward':
      return undefined;
  }
}
