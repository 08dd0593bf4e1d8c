import type { OutboxRow } from '@parley/client';
import type { Message } from '@parley/protocol';

/**
 * A message that is not in the log yet, as it is drawn: by the same row as later, when it has its place, so that the row keeps focus and place and nothing
 * jumps. `forwarding`: what stands for the words of a forwarded message, which only the server copies.
 */
export function waitingMessage({ write, ...row }: OutboxRow, forwarding: string): Message {
  const content = write.kind === 'send' ? write.content : { text: forwarding };
  // The cast holds where it matters: it has no place and no id of the server's yet, and nothing that is drawn or done with a waiting row asks for them.
  return {
    conversation_id: row.conversationId,
    seq: 0,
    count: 0,
    created_at: row.createdAt,
    sender_id: row.userId,
    client_msg_id: row.clientMsgId,
    content,
    edited_at: null,
    reactions: [],
    state_seq: 0,
  } as unknown as Message;
}
