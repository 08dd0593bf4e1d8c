import { ENTRY_TYPES } from '../rows/log-row.ts';
import { RowsStatement } from '../rows-statement.ts';
import type { Writer } from './unsettled.ts';
import type { Write } from './write.ts';

type Settling = Pick<Write, 'connection' | 'known'>;

/** Settles what is not settled, if there is anything. */
export function settle(write: Settling): void {
  const { unsettled } = write.known;
  if (!Number.isFinite(unsettled.entryCount)) noteUnsettled(write);
  if (unsettled.entryCount === 0) return;
  unsettled.beginPass();
  settleSome(write, Number.POSITIVE_INFINITY);
}

/** Settles so many conversations of the running pass: the places of their entries, their heads and the cursors of those who wrote. */
export function settleSome({ connection, known }: Settling, logsMax: number): void {
  const { logs, settledEntry } = known.takeFromPass(logsMax);
  const places: number[] = [];
  const heads: (number | null)[] = [];
  const cursors: (number | bigint)[] = [];
  for (const { conversation, firstSeq, entries, count, messageSeq, lastActivityAt, writers } of logs) {
    let seq = firstSeq;
    for (const entry of entries) places.push(conversation, seq++, entry);
    heads.push(conversation, seq - 1, count, messageSeq, lastActivityAt);
    for (const { user_id, lastSeq, lastCount } of writers) cursors.push(conversation, user_id, lastSeq, lastCount);
  }
  PLACES.write(connection, places);
  HEADS.write(connection, heads);
  CURSORS.write(connection, cursors);
  if (settledEntry !== null) connection.run('UPDATE meta SET settled_entry = ?', settledEntry);
}

const PLACES = new RowsStatement(3, (rows) => `INSERT OR IGNORE INTO log_place (conversation, seq, entry) ${rows}`);
const HEADS = new RowsStatement(
  5,
  (
    rows,
  ) => `UPDATE head SET seq = column2, count = column3, message_seq = coalesce(column4, message_seq), last_activity_at = max(last_activity_at, column5)
    FROM (${rows}) WHERE head.conversation = column1`,
);
const CURSORS = new RowsStatement(
  4,
  (
    rows,
  ) => `UPDATE membership SET delivered_up_to = column3, read_up_to = column3, shared_read_up_to = column3, read_count = column4, took_part = 1
    FROM (${rows}) WHERE membership.conversation = column1 AND membership.user_id = column2`,
);

interface UnsettledRow {
  readonly entry: bigint;
  readonly conversation: bigint;
  readonly seq: bigint;
  readonly count: bigint;
  readonly type: bigint;
  readonly created_at: bigint;
  readonly author: bigint | null;
}

/**
 * Notes the entries after the settled one, as the log has them: after a crash what the process before it left undone. Some may be settled already, by a pass that was not
 * finished. To settle them again changes nothing: whatever else changes what follows from entries comes after all are settled.
 */
function noteUnsettled({ connection, known }: Settling): void {
  known.unsettled.countFromHere();
  // One for each author of a conversation: a statement that got two rows for the same cursors would take either.
  const writers = new Map<string, Writer>();
  const writerOf = (conversation: bigint, author: bigint): Writer => {
    const key = `${conversation} ${author}`;
    const writer = writers.get(key) ?? { user_id: author, lastSeq: 0, lastCount: 0 };
    writers.set(key, writer);
    return writer;
  };
  const rows = connection.all<UnsettledRow>(
    `SELECT entry, conversation, seq, count, type, created_at, CASE WHEN client_msg_id IS NOT NULL THEN sender_id END AS author
     FROM log WHERE entry > (SELECT settled_entry FROM meta) ORDER BY entry`,
  );
  for (const { entry, conversation, seq, count, type, created_at, author } of rows)
    known.unsettled.note({
      entry: Number(entry),
      conversation: Number(conversation),
      seq: Number(seq),
      count: Number(count),
      type: ENTRY_TYPES.wordOf(type),
      createdAt: Number(created_at),
      writer: author === null ? null : writerOf(conversation, author),
    });
}
