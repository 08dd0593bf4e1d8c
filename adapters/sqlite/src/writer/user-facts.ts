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
  const subject = isSuperseding(fact) ? (conversation ?? THE_USER) : null;
  const data = factDataOf(fact);
  const seq =
    (subject === null ? undefined : supersede(write, user, type, subject, data)) ??
    insert(write, user, [type, conversation, subject, data]);
  write.userLogEntries.push({ userId, seq, ...fact });
}

/** Cursors move all day: the row of the superseded fact becomes the new one in one statement. Undefined: there is none. */
function supersede(write: Write, user: bigint, type: number, subject: bigint, data: string | null): number | undefined {
  const row = write.connection.one<{ seq: bigint }>(
    `UPDATE user_log SET seq = 1 + (SELECT max(seq) FROM user_log WHERE user_id = ?1), data = ?4
     WHERE user_id = ?1 AND type = ?2 AND subject = ?3 RETURNING seq`,
    user,
    type,
    subject,
    data,
  );
  return row === undefined ? undefined : Number(row.seq);
}

function insert(
  write: Write,
  user: bigint,
  fact: readonly [type: number, conversation: bigint | null, subject: bigint | null, data: string | null],
): number {
  const seq = userLogHead(write, user) + 1;
  write.connection.run(
    'INSERT INTO user_log (user_id, seq, type, conversation, subject, data) VALUES (?, ?, ?, ?, ?, ?)',
    user,
    seq,
    ...fact,
  );
  return seq;
}

function userLogHead(write: Write, user: bigint): number {
  const row = write.connection.one<{ seq: bigint | null }>(
    'SELECT max(seq) AS seq FROM user_log WHERE user_id = ?',
    user,
  );
  return Number(row?.seq ?? 0n);
}
