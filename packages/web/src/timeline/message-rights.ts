import type { OutboxWrite } from '@parley/client';
import type { Conversation, Message } from '@parley/protocol';

/** The server's own windows (EDIT-1, DEL-1). It decides; these only keep a button from promising what would be refused. */
const EDIT_WINDOW_MS = 86_400_000;
const DELETE_WINDOW_MS = 3_600_000;

/** `now` is Unix ms. */
export const mayEdit = (message: Message, ownId: string, now: number): boolean =>
  message.sender_id === ownId && message.content?.text !== undefined && now - message.created_at < EDIT_WINDOW_MS;

export function mayDeleteForAll(message: Message, conversation: Conversation, ownId: string, now: number): boolean {
  const isModerator = conversation.kind !== 'direct' && conversation.my.role !== 'member';
  return isModerator || (message.sender_id === ownId && now - message.created_at < DELETE_WINDOW_MS);
}

/** In a channel members read (SEND-5). */
export const mayWrite = (conversation: Conversation): boolean =>
  conversation.kind !== 'channel' || conversation.my.role !== 'member';

/** Whether what was refused could be taken now. A deletion is no writing (DEL-1); `conversation` is undefined for who is not in it any more. */
export const mayRetry = (write: OutboxWrite, conversation: Conversation | undefined): boolean =>
  conversation !== undefined && (write.kind === 'delete' || mayWrite(conversation));
