import type { UserFact } from '@parley/core';
import { idNumber, type UserId } from '@parley/protocol/ids';
import { FACT_TYPES, factDataOf, isSuperseding } from '../rows/user-log-row.ts';
import type { Write } from './write.ts';

/** Subject of a superseding fact that concerns no conversation. */
const THE_USER = 0n;

/** Appends a fact to a user's log, in place of the one that it supersedes. `conversation`: surrogate of the conversation that it names. */
export function appendUserFact(write: Write, userId: UserId, fact: UserFact, conversation: bigint | null): void {
  const user = idNumber(userId);
  const type = FACT_TYPES.codeOf(fact.type);
  // Before the superseded one goes: it may be the newest, and the head is the largest seq.
  const seq = userLogHead(write, user) + 1;
  const subject = isSuperseding(fact) ? (conversation ?? THE_USER) : null;
  if (subject !== null) {
    write.connection.run('DELETE FROM user_log WHERE user_id = ? AND type = ? AND subject = ?', user, type, subject);
  }
  write.connection.run(
    'INSERT INTO user_log (user_id, seq, type, conversation, subject, data) VALUES (?, ?, ?, ?, ?, ?)',
    user,
    seq,
    type,
    conversation,
    subject,
    factDataOf(fact),
  );
  write.userLogEntries.push({ userId, seq, ...fact });
}

function userLogHead(write: Write, user: bigint): number {
  const row = write.connection.one<{ seq: bigint | null }>(
    'SELECT max(seq) AS seq FROM user_log WHERE user_id = ?',
    user,
  );
  return Number(row?.seq ?? 0n);
}
