import { ENTRY_TYPES, NEW_MESSAGE } from '../rows/log-row.ts';
import type { Write } from './write.ts';

const AMENDMENTS = (['message_edited', 'message_deleted', 'reaction', 'author_erased'] as const)
  .map((type) => ENTRY_TYPES.codeOf(type))
  .join(', ');

/** What follows from the entries after the settled one. Bound value: its number. Amendments are no activity (CONV-3). */
const CONSEQUENCES = [
  // In the order of the index: entries of one conversation go to one page, one after the other.
  `INSERT INTO log_place (conversation, seq, entry)
     SELECT conversation, seq, entry FROM log WHERE entry > ? ORDER BY conversation, seq`,
  `UPDATE head SET seq = n.seq, count = n.count, message_seq = coalesce(n.message_seq, head.message_seq),
       last_activity_at = max(last_activity_at, n.activity)
     FROM (SELECT conversation, max(seq) AS seq, max(count) AS count, max(seq) FILTER (WHERE type = ${NEW_MESSAGE}) AS message_seq,
         coalesce(max(created_at) FILTER (WHERE type NOT IN (${AMENDMENTS})), 0) AS activity
       FROM log WHERE entry > ? GROUP BY conversation) n
     WHERE head.conversation = n.conversation`,
  // Sending reads (SEND-11). What has no idempotency key was written by nobody's device.
  `UPDATE membership SET delivered_up_to = n.seq, read_up_to = n.seq, shared_read_up_to = n.seq, read_count = n.count, took_part = 1
     FROM (SELECT conversation, sender_id, max(seq) AS seq, max(count) AS count FROM log
       WHERE entry > ? AND client_msg_id IS NOT NULL GROUP BY conversation, sender_id) n
     WHERE membership.conversation = n.conversation AND membership.user_id = n.sender_id`,
];

/** Settles what is not settled, if there is anything. */
export function settle(write: Pick<Write, 'connection' | 'known'>): void {
  if (write.known.unsettledEntries > 0) settleNow(write);
}

/**
 * Writes what follows from all entries that were appended since the last time: their places, the heads of their conversations and the cursors of their authors.
 * Works from the log alone, so it does after a crash what the process before it left undone.
 */
export function settleNow({ connection, known }: Pick<Write, 'connection' | 'known'>): void {
  const meta = connection.one<{ settled_entry: bigint }>('SELECT settled_entry FROM meta');
  for (const sql of CONSEQUENCES) connection.run(sql, meta?.settled_entry ?? 0n);
  connection.run('UPDATE meta SET settled_entry = (SELECT coalesce(max(entry), 0) FROM log)');
  known.settled();
}
