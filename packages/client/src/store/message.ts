import type { LogEntry, Message, NewMessage, ReactionCount } from '@parley/protocol';

/** Entries that change an earlier message. */
export type Amendment = Extract<LogEntry, { type: 'message_edited' | 'message_deleted' | 'reaction' }>;

export const isAmendment = (entry: LogEntry): entry is Amendment =>
  entry.type === 'message_edited' || entry.type === 'message_deleted' || entry.type === 'reaction';

/** A message as its own log entry says it. */
export const messageOf = (entry: NewMessage): Message => ({
  conversation_id: entry.conversation_id,
  seq: entry.seq,
  count: entry.count,
  created_at: entry.created_at,
  sender_id: entry.sender_id,
  message_id: entry.message_id,
  client_msg_id: entry.client_msg_id,
  content: entry.content,
  edited_at: null,
  reactions: [],
  state_seq: entry.seq,
});

/** The message with a later entry folded in. One that is folded in already changes nothing (REACT-2); a deleted message stays deleted (EDIT-2). */
export function amend(message: Message, entry: Amendment, userId: string): Message {
  if (entry.seq <= message.state_seq || message.content === null) return message;
  const amended = { ...message, state_seq: entry.seq };
  switch (entry.type) {
    case 'message_edited':
      // Without content it is about a message that this member may not see (HIST-4).
      return { ...amended, content: entry.content ?? message.content, edited_at: entry.created_at };
    case 'message_deleted':
      return { ...amended, content: null, edited_at: null, reactions: [] };
    case 'reaction':
      return { ...amended, reactions: reactionsAfter(message.reactions, entry, entry.sender_id === userId) };
  }
}

function reactionsAfter(
  reactions: readonly ReactionCount[],
  entry: Extract<LogEntry, { type: 'reaction' }>,
  isMine: boolean,
): ReactionCount[] {
  const isAdded = entry.action === 'added';
  const present = reactions.find((reaction) => reaction.emoji === entry.emoji);
  // Adding twice or removing what is not there changes nothing (REACT-1); of others only the count is known.
  if (isMine && (present?.me ?? false) === isAdded) return [...reactions];
  if (present === undefined)
    return isAdded ? [...reactions, { emoji: entry.emoji, count: 1, me: isMine }] : [...reactions];
  const changed: ReactionCount = {
    emoji: entry.emoji,
    count: present.count + (isAdded ? 1 : -1),
    me: isMine ? isAdded : present.me,
  };
  return reactions.flatMap((reaction) => (reaction !== present ? [reaction] : changed.count > 0 ? [changed] : []));
}
