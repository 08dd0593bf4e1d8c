import type { AccountStore } from '@parley/core';
import type { LogEntry } from '@parley/protocol';
import { type ConversationId, makeUserId } from '@parley/protocol/ids';
import { flagOf } from '../../rows/columns.ts';
import { NEW_MESSAGE } from '../../rows/log-row.ts';
import { eraseContent } from '../erase-content.ts';
import { appendEntry, openLog } from '../open-log.ts';
import type { Write } from '../write.ts';

export interface EraseMessages {
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

export function eraseMessages(
  write: Write,
  { at, rowsMax }: EraseMessages,
): Awaited<ReturnType<AccountStore['eraseMessages']>> {
  const { connection } = write;
  const row = connection.one<ErasureRow>(
    `SELECT e.user_id, e.conversation, e.next_seq, e.has_erased, c.id FROM erasure e JOIN conversation c ON c.conversation = e.conversation
     ORDER BY e.user_id, e.conversation LIMIT 1`,
  );
  if (row === undefined) return { kind: 'done' };
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
  // A fingerprint is a digest of what was said: short texts could be guessed from it. No device of the user is left that could repeat a request.
  connection.run(
    `UPDATE log SET fingerprint = zeroblob(8) WHERE entry IN (SELECT entry FROM place_of_entry WHERE conversation = ? AND seq >= ? AND seq < ?)
       AND sender_id = ? AND fingerprint IS NOT NULL`,
    conversation,
    from,
    end,
    user,
  );
  return messages.length > 0;
}
