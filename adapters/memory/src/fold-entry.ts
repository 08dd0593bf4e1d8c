import type { Content, LogEntry, Message, UserId } from '@parley/protocol';
import type { ConversationRow, MessageState } from './state.ts';

/** What is left of content that was deleted for everyone. */
const ERASED: Content = {};

/** Folds an amendment that was just appended into the message that it is about. */
export function foldEntry(conversation: ConversationRow, target: MessageState, entry: LogEntry): void {
  switch (entry.type) {
    case 'message_edited':
      target.content = entry.content ?? target.content;
      target.editedAt = entry.created_at;
      break;
    case 'message_deleted':
      eraseMessage(conversation, target);
      break;
    case 'reaction':
      foldReaction(target, entry.emoji, entry.sender_id, entry.action);
      break;
    default:
      throw new TypeError(`A ${entry.type} entry cannot be folded into a message.`);
  }
  target.stateSeq = entry.seq;
}

/** Makes a message a tombstone. */
export function eraseMessage(conversation: ConversationRow, target: MessageState): void {
  target.content = null;
  target.editedAt = null;
  target.reactions.clear();
  eraseContent(conversation, target.message.seq);
}

function foldReaction(target: MessageState, emoji: string, userId: UserId, action: 'added' | 'removed'): void {
  const people = target.reactions.get(emoji) ?? new Set();
  if (action === 'added') people.add(userId);
  else people.delete(userId);
  if (people.size === 0) target.reactions.delete(emoji);
  else target.reactions.set(emoji, people);
}

/** Takes the content out of the message's entry and of all its edits, and the digests of it out of their keys; the places stay. */
function eraseContent({ log, keys }: ConversationRow, targetSeq: number): void {
  for (const row of log.slice(targetSeq - 1)) {
    const { entry } = row;
    const isTarget = entry.type === 'new_message' && entry.seq === targetSeq;
    const isEdit = entry.type === 'message_edited' && entry.target_seq === targetSeq;
    if (!isTarget && !isEdit) continue;
    row.entry = { ...entry, content: ERASED };
    row.erased = true;
  }
  for (const [key, { seq }] of keys) if (log[seq - 1]?.erased) keys.set(key, { seq, fingerprint: null });
}

/** The message as a viewer sees it. */
export function presentState(state: MessageState, viewer: UserId): Message {
  return {
    ...state.message,
    content: state.content,
    edited_at: state.editedAt,
    reactions: [...state.reactions].map(([emoji, people]) => ({
      emoji,
      count: people.size,
      me: people.has(viewer),
    })),
    state_seq: state.stateSeq,
  };
}
