import { ENTRY_TYPES } from '../rows/log-row.ts';
import type { UnsettledLog } from './unsettled.ts';
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

/** Settles so many conversations of the running pass. */
export function settleSome({ connection, known }: Settling, logsMax: number): void {
  const { logs, settledEntry } = known.takeFromPass(logsMax);
  for (const log of logs) writeWhatFollows(connection, log);
  if (settledEntry !== null) connection.run('UPDATE meta SET settled_entry = ?', settledEntry);
}

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
  const rows = connection.all<UnsettledRow>(
    `SELECT entry, conversation, seq, count, type, created_at, CASE WHEN client_msg_id IS NOT NULL THEN sender_id END AS author
     FROM log WHERE entry > (SELECT settled_entry FROM meta) ORDER BY entry`,
  );
  for (const { entry, conversation, seq, count, type, created_at, author } of rows)
    known.unsettled.note({
      entry,
      conversation,
      seq: Number(seq),
      count: Number(count),
      type: ENTRY_TYPES.wordOf(type),
      createdAt: Number(created_at),
      author,
    });
}

const PLACES_TOGETHER = 8;
const insertPlaces = (count: number): string =>
  `INSERT OR IGNORE INTO log_place (conversation, seq, entry)
   VALUES ${Array.from({ length: count }, (_, place) => `(?1, ?2 + ${place}, ?${place + 3})`).join(', ')}`;
const INSERT_PLACES = insertPlaces(PLACES_TOGETHER);
const INSERT_PLACE = insertPlaces(1);

/** The places of the entries, the head of their conversation and the cursors of their authors. */
function writeWhatFollows(
  connection: Write['connection'],
  { conversation, firstSeq, entries, count, messageSeq, lastActivityAt, authors }: UnsettledLog,
): void {
  let at = 0;
  for (; at + PLACES_TOGETHER <= entries.length; at += PLACES_TOGETHER)
    connection.run(INSERT_PLACES, conversation, firstSeq + at, ...entries.slice(at, at + PLACES_TOGETHER));
  for (; at < entries.length; at += 1)
    connection.run(INSERT_PLACE, conversation, firstSeq + at, entries[at] ?? null);
  connection.run(
    `UPDATE head SET seq = ?, count = ?, message_seq = coalesce(?, message_seq), last_activity_at = max(last_activity_at, ?)
     WHERE conversation = ?`,
    firstSeq + entries.length - 1,
    count,
    messageSeq,
    lastActivityAt,
    conversation,
  );
  for (const [author, last] of authors)
    connection.run(
      `UPDATE membership SET delivered_up_to = ?1, read_up_to = ?1, shared_read_up_to = ?1, read_count = ?2, took_part = 1
       WHERE conversation = ?3 AND user_id = ?4`,
      last.seq,
      last.count,
      conversation,
      author,
    );
}
