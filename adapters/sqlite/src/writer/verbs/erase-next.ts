import type { AccountStore } from '@parley/core';
import type { LogEntry } from '@parley/protocol';
import { type ConversationId, makeUserId } from '@parley/protocol/ids';
import { flagOf } from '../../rows/columns.ts';
import { STILL_MEMBER } from '../../rows/erasure-row.ts';
import { FORGOTTEN } from '../../rows/fingerprint.ts';
import { NEW_MESSAGE } from '../../rows/log-row.ts';
import { eraseContent } from '../erase-content.ts';
import { memberOf } from '../member.ts';
import { appendEntry, openLog } from '../open-log.ts';
import type { Write } from '../write.ts';
import { takeOut } from './remove-member.ts';

export interface EraseNext {
  readonly at: number;
  readonly rowsMax: number;
}

interface ErasureRow {
  readonly user_id: bigint;
  readonly conversation: bigint;
  readonly next_seq: bigint;
  readonly has_erased: bigint;
  readonly id: ConversationId;
}

type Step = Awaited<ReturnType<AccountStore['eraseNext']>>;

/** All memberships before any content: the people of a conversation see who has gone before somebody else's million messages are erased. */
export function eraseNext(write: Write, request: EraseNext): Step {
  const leaving = firstErasure(write, `WHERE e.next_seq = ${STILL_MEMBER}`);
  if (leaving !== undefined) return endMembership(write, leaving, request);
  const row = firstErasure(write, '');
  return row === undefined ? { kind: 'done' } : eraseRows(write, row, request);
}

function firstErasure(write: Write, where: string): ErasureRow | undefined {
  return write.connection.one<ErasureRow>(
    `SELECT e.user_id, e.conversation, e.next_seq, e.has_erased, c.id FROM erasure e JOIN conversation c ON c.conversation = e.conversation
     ${where} ORDER BY e.user_id, e.conversation LIMIT 1`,
  );
}

function endMembership(write: Write, row: ErasureRow, { at }: EraseNext): Step {
  write.connection.run(
    'UPDATE erasure SET next_seq = 1 WHERE user_id = ? AND conversation = ?',
    row.user_id,
    row.conversation,
  );
  const log = openLog(write, row.id);
  const userId = makeUserId(row.user_id);
  if (log === undefined || memberOf(write, log, userId) === undefined) return { kind: 'more', entry: null };
  return { kind: 'more', entry: takeOut(write, log, { userId, actor: userId, reason: 'account_deleted', at }) };
}

function eraseRows(write: Write, row: ErasureRow, { at, rowsMax }: EraseNext): Step {
  const { connection } = write;
  const end = row.next_seq + BigInt(rowsMax);
  const hasErased = eraseRange(write, row, end) || row.has_erased === 1n;
  const log = openLog(write, row.id);
  if (log !== undefined && end <= log.headSeq) {
    connection.run(
      'UPDATE erasure SET next_seq = ?, has_erased = ? WHERE user_id = ? AND conversation = ?',
      end,
      flagOf(hasErased),
      row.user_id,
      row.conversation,
    );
    return { kind: 'more', entry: null };
  }
  connection.run('DELETE FROM erasure WHERE user_id = ? AND conversation = ?', row.user_id, row.conversation);
  // What requests that were under way have left there since the account was erased.
  connection.run('DELETE FROM user_log WHERE user_id = ?', row.user_id);
  if (log === undefined || !hasErased) return { kind: 'more', entry: null };
  const senderId = makeUserId(row.user_id);
  const body = { type: 'author_erased' } as const;
  const { seq, count } = appendEntry(write, log, { senderId, createdAt: at, body });
  const entry: LogEntry = { ...body, conversation_id: row.id, seq, count, created_at: at, sender_id: senderId };
  return { kind: 'more', entry };
}

/** Whether there was anything to erase in [next_seq, end). */
function eraseRange(write: Write, { conversation, user_id: user, next_seq: from }: ErasureRow, end: bigint): boolean {
  const { connection } = write;
  const messages = connection.all<{ seq: bigint }>(
    `SELECT l.seq FROM conversation_log l LEFT JOIN amendment a ON a.conversation = l.conversation AND a.seq = l.seq
     WHERE l.conversation = ? AND l.seq >= ? AND l.seq < ? AND l.type = ${NEW_MESSAGE} AND l.sender_id = ? AND a.deleted IS NOT 1`,
    conversation,
    from,
    end,
    user,
  );
  for (const { seq } of messages) {
    connection.run(
      `INSERT INTO amendment (conversation, seq, edit_seq, state_seq, deleted) VALUES (?1, ?2, NULL, ?2, 1)
       ON CONFLICT (conversation, seq) DO UPDATE SET deleted = 1`,
      conversation,
      seq,
    );
    eraseContent(write, conversation, seq);
  }
  // Also those of reactions and deletions: no device of the user is left that could repeat a request.
  connection.run(
    `UPDATE log SET fingerprint = ? WHERE entry IN (SELECT entry FROM log_place WHERE conversation = ? AND seq >= ? AND seq < ?)
       AND sender_id = ? AND fingerprint IS NOT NULL`,
    FORGOTTEN,
    conversation,
    from,
    end,
    user,
  );
  return messages.length > 0;
}
