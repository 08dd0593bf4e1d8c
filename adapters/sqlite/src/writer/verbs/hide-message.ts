import type { UserLog } from '@parley/core';
import { type ConversationId, idNumber, type UserId } from '@parley/protocol/ids';
import { NEW_MESSAGE } from '../../rows/log-row.ts';
import { memberOf } from '../member.ts';
import { openLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

export interface HideMessage {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  readonly seq: number;
}

export function hideMessage(
  write: Write,
  { userId, conversationId, seq }: HideMessage,
): Awaited<ReturnType<UserLog['hideMessage']>> {
  const log = openLog(write, conversationId);
  const member = log && memberOf(write, log, userId);
  if (log === undefined || member === undefined) return 'not_a_member';
  const isMessage = write.connection.one(
    `SELECT 1 FROM conversation_log WHERE conversation = ? AND seq = ? AND type = ${NEW_MESSAGE}`,
    log.conversation,
    seq,
  );
  if (isMessage === undefined || seq < member.visible_from_seq) return 'target_missing';
  const changed = write.connection.run(
    'INSERT OR IGNORE INTO hidden (conversation, user_id, seq) VALUES (?, ?, ?)',
    log.conversation,
    idNumber(userId),
    seq,
  );
  if (changed === 0) return 'unchanged';
  appendUserFact(write, userId, { type: 'message_hidden', conversationId, messageSeq: seq }, log.conversation);
  return 'hidden';
}
