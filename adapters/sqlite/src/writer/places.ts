import type { SqlConnection } from '../sql-connection.ts';

/** Columns recent_0 to recent_7 of a head. With more of them log_place would be written less often, and the heads, which every append writes, would be larger. */
const COLUMNS = 8;

/**
 * The column of the head for the place of the entry that is appended as `seq`. Entries of a log take turns in the columns; before they begin anew, the places that stand in
 * them go to log_place.
 */
export function columnOfPlace(connection: SqlConnection, conversation: bigint, seq: number): string {
  const column = seq % COLUMNS;
  if (column === 0)
    connection.run(
      'INSERT INTO log_place (conversation, seq, entry) SELECT conversation, seq, entry FROM recent_place WHERE conversation = ?',
      conversation,
    );
  return `recent_${column}`;
}
