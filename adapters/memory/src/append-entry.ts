import type { EntryBody, LogEntry, UserId } from '@parley/protocol';
import type { ConversationRow, MessageState } from './state.ts';

/** An entry of these types changes earlier messages and is no activity of its own. */
const AMENDMENTS: readonly EntryBody['type'][] = ['message_edited', 'message_deleted', 'reaction', 'author_erased'];

/** Gives an entry its place at the end of the log. The only function that numbers (S1). */
export function appendEntry(
  conversation: ConversationRow,
  body: EntryBody,
  senderId: UserId,
  createdAt: number,
): LogEntry {
  const { log, record } = conversation;
  if (body.type === 'new_message') conversation.messageCount += 1;
  // The list is ordered by this time: it must not go back with the clock.
  if (!AMENDMENTS.includes(body.type)) {
    conversation.lastActivityAt = Math.max(conversation.lastActivityAt, createdAt);
  }
  const entry: LogEntry = {
    ...body,
    conversation_id: record.conversationId,
    seq: log.length + 1,
    count: conversation.messageCount,
    created_at: createdAt,
    sender_id: senderId,
  };
  log.push({ entry, erased: false, state: entry.type === 'new_message' ? firstState(entry) : null });
  return entry;
}

function firstState({ type: _, content, ...message }: Extract<LogEntry, { type: 'new_message' }>): MessageState {
  return { message, content, editedAt: null, reactions: new Map(), stateSeq: message.seq };
}
