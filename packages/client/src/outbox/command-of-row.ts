import type { CommandOf } from '@parley/protocol';
import type { OutboxRow } from './outbox-row.ts';

type WriteCommand = CommandOf<'send_message' | 'edit_message' | 'delete_message' | 'react'>;
export type Write = WriteCommand extends infer C ? (C extends WriteCommand ? Omit<C, 'id'> : never) : never;

/** The command that a row stands for, always with the same key (SEND-4). */
export function commandOfRow({ clientMsgId, conversationId, write }: OutboxRow): Write {
  const key = { client_msg_id: clientMsgId, conversation_id: conversationId };
  switch (write.kind) {
    case 'send':
      return { type: 'send_message', ...key, content: write.content };
    case 'forward': {
      const { conversationId: from, seq } = write.source;
      return { type: 'send_message', ...key, forward: { conversation_id: from, seq } };
    }
    case 'edit':
      return { type: 'edit_message', ...key, target_seq: write.targetSeq, content: write.content };
    case 'delete':
      return { type: 'delete_message', ...key, target_seq: write.targetSeq, scope: write.scope };
    case 'react':
      return { type: 'react', ...key, target_seq: write.targetSeq, emoji: write.emoji, action: write.action };
  }
}
