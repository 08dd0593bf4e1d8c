import type { HistoryQuery, HistorySlice, LogRange } from '@parley/core';
import type { Message, ReactionCount } from '@parley/protocol';
import { type ConversationId, idNumber, type UserId } from '@parley/protocol/ids';
import { HEAD_COLUMNS, type HeadRow } from '../../rows/conversation-row.ts';
import { contentOfRow, entryOfRow, isErased, LOG_COLUMNS, type LogRow, NEW_MESSAGE } from '../../rows/log-row.ts';
import type { SqlConnection } from '../../sql-connection.ts';

/** Rows scanned for each message asked for (port: MessageLog.history). */
const SCAN_FACTOR = 10;

interface ReadLog {
  readonly conversation: bigint;
  readonly headSeq: number;
}

function readLog(connection: SqlConnection, conversationId: ConversationId): ReadLog | undefined {
  const row = connection.one<HeadRow & { conversation: bigint }>(
    `SELECT h.conversation, ${HEAD_COLUMNS} FROM conversation c JOIN head h ON h.conversation = c.conversation WHERE c.id = ?`,
    conversationId,
  );
  return row && { conversation: row.conversation, headSeq: Number(row.head_seq) };
}

export interface ReadAfter {
  readonly conversationId: ConversationId;
  readonly afterSeq: number;
  readonly limit: number;
}

export function readEntriesAfter(connection: SqlConnection, { conversationId, afterSeq, limit }: ReadAfter): LogRange {
  const log = readLog(connection, conversationId);
  if (log === undefined) return { entries: [], coveredUpTo: afterSeq, headSeq: 0 };
  const rows = connection.all<LogRow>(
    `SELECT ${LOG_COLUMNS} FROM conversation_log l WHERE l.conversation = ? AND l.seq > ? ORDER BY l.seq LIMIT ?`,
    log.conversation,
    afterSeq,
    limit,
  );
  const entries = rows.filter((row) => !isErased(row)).map((row) => entryOfRow(conversationId, row));
  return { entries, coveredUpTo: Number(rows.at(-1)?.seq ?? afterSeq), headSeq: log.headSeq };
}

/** A row of the log with the present state of the message that it may be. */
interface StateRow extends LogRow {
  readonly edit_seq: bigint | null;
  readonly state_seq: bigint | null;
  readonly deleted: bigint | null;
  readonly is_hidden: bigint;
}

/** Bound values: conversation, viewer. */
const STATE_ROWS = `
  SELECT ${LOG_COLUMNS}, a.edit_seq, a.state_seq, a.deleted,
    EXISTS (SELECT 1 FROM hidden x WHERE x.conversation = ?1 AND x.user_id = ?2 AND x.seq = l.seq) AS is_hidden
  FROM conversation_log l LEFT JOIN amendment a ON a.conversation = ?1 AND a.seq = l.seq
  WHERE l.conversation = ?1`;
const ROW_AT = `${STATE_ROWS} AND l.seq = ?3`;
const OLDER_ROWS = `${STATE_ROWS} AND l.seq < ?3 AND l.seq >= ?4 ORDER BY l.seq DESC LIMIT ?5`;
const NEWER_ROWS = `${STATE_ROWS} AND l.seq > ?3 AND l.seq >= ?4 ORDER BY l.seq LIMIT ?5`;

/** Rows of the log from a place on, a few at a time: a caller may stop early, and no statement stays open while it looks at a row. */
function* stateRows(
  connection: SqlConnection,
  sql: typeof OLDER_ROWS | typeof NEWER_ROWS,
  { conversation, viewer }: Pick<Viewer, 'conversation' | 'viewer'>,
  range: { readonly place: number | bigint; readonly visibleFromSeq: number | bigint; readonly rowsAtOnce: number },
): Generator<StateRow> {
  let { place } = range;
  for (;;) {
    const rows = connection.all<StateRow>(
      sql,
      conversation,
      idNumber(viewer),
      place,
      range.visibleFromSeq,
      range.rowsAtOnce,
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < range.rowsAtOnce) return;
    place = last.seq;
  }
}

interface Viewer {
  readonly conversationId: ConversationId;
  readonly conversation: bigint;
  readonly viewer: UserId;
}

export function history(connection: SqlConnection, query: HistoryQuery): HistorySlice {
  const log = readLog(connection, query.conversationId);
  if (log === undefined) return emptySlice(0, 0);
  const isOlder = 'beforeSeq' in query.from;
  const place = 'beforeSeq' in query.from ? query.from.beforeSeq : query.from.afterSeq;
  const view: Viewer = { conversationId: query.conversationId, conversation: log.conversation, viewer: query.viewer };
  const rows = stateRows(connection, isOlder ? OLDER_ROWS : NEWER_ROWS, view, {
    place,
    visibleFromSeq: query.visibleFromSeq,
    rowsAtOnce: query.limit,
  });
  const slice = emptySlice(isOlder ? Math.min(place, log.headSeq + 1) : place, log.headSeq);
  let scanned = 0;
  let fromSeq = Number.POSITIVE_INFINITY;
  let toSeq = 0;
  for (const row of rows) {
    const seq = Number(row.seq);
    fromSeq = Math.min(fromSeq, seq);
    toSeq = Math.max(toSeq, seq);
    scanned += 1;
    takeRow(connection, view, row, slice);
    if (slice.messages.length === query.limit || scanned === SCAN_FACTOR * query.limit) break;
  }
  if (scanned === 0) return slice;
  if (isOlder) for (const list of [slice.messages, slice.entries, slice.tombstones]) list.reverse();
  return { ...slice, covered: { fromSeq, toSeq } };
}

type OpenSlice = HistorySlice & {
  readonly messages: Message[];
  readonly entries: HistorySlice['entries'][number][];
  readonly tombstones: HistorySlice['tombstones'][number][];
};

const emptySlice = (place: number, headSeq: number): OpenSlice => ({
  messages: [],
  entries: [],
  tombstones: [],
  covered: { fromSeq: place + 1, toSeq: place },
  headSeq,
});

/** Amendments are folded into their messages already and stand in no list. */
function takeRow(connection: SqlConnection, view: Viewer, row: StateRow, slice: OpenSlice): void {
  if (Number(row.type) !== NEW_MESSAGE) {
    const entry = entryOfRow(view.conversationId, row);
    const isAmendment =
      entry.type === 'message_edited' ||
      entry.type === 'message_deleted' ||
      entry.type === 'reaction' ||
      entry.type === 'author_erased';
    if (!isAmendment) slice.entries.push(entry);
    return;
  }
  if (row.deleted === 1n) slice.tombstones.push({ seq: Number(row.seq), reason: 'deleted' });
  else if (row.is_hidden === 1n) slice.tombstones.push({ seq: Number(row.seq), reason: 'hidden' });
  else slice.messages.push(messageOfRow(connection, view, row));
}

export interface FindMessage {
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly viewer: UserId;
}

export function findMessage(
  connection: SqlConnection,
  { conversationId, seq, viewer }: FindMessage,
): Message | undefined {
  const log = readLog(connection, conversationId);
  if (log === undefined) return undefined;
  const view = { conversationId, conversation: log.conversation, viewer };
  const row = connection.one<StateRow>(
    `${ROW_AT} AND l.type = ${NEW_MESSAGE}`,
    log.conversation,
    idNumber(viewer),
    seq,
  );
  return row && messageOfRow(connection, view, row);
}

/** The newest message that the viewer may see and has not hidden. `messageSeq`: the newest of the log. */
export function lastMessage(
  connection: SqlConnection,
  view: Viewer,
  messageSeq: bigint,
  visibleFromSeq: bigint,
): Message | null {
  if (messageSeq < visibleFromSeq) return null;
  // Nearly always it is this one, and one row costs a quarter of what a range does.
  const newest = connection.one<StateRow>(ROW_AT, view.conversation, idNumber(view.viewer), messageSeq);
  if (newest?.is_hidden === 0n) return messageOfRow(connection, view, newest);
  const rows = stateRows(connection, OLDER_ROWS, view, { place: messageSeq, visibleFromSeq, rowsAtOnce: 4 });
  for (const row of rows) {
    if (Number(row.type) === NEW_MESSAGE && row.is_hidden === 0n) return messageOfRow(connection, view, row);
  }
  return null;
}

function messageOfRow(connection: SqlConnection, view: Viewer, row: StateRow): Message {
  const entry = entryOfRow(view.conversationId, row);
  if (entry.type !== 'new_message') throw new Error('A message was read from a row of another type.');
  const { type: _, ...header } = entry;
  if (row.state_seq === null) {
    return { ...header, edited_at: null, reactions: [], state_seq: entry.seq };
  }
  const state_seq = Number(row.state_seq);
  if (row.deleted === 1n) return { ...header, content: null, edited_at: null, reactions: [], state_seq };
  const reactions = reactionsOf(connection, view, row.seq);
  if (row.edit_seq === null) return { ...header, edited_at: null, reactions, state_seq };
  const edit = connection.one<Pick<LogRow, 'body' | 'data' | 'created_at'>>(
    'SELECT body, data, created_at FROM conversation_log WHERE conversation = ? AND seq = ?',
    view.conversation,
    row.edit_seq,
  );
  const content = edit === undefined ? null : contentOfRow(edit);
  return { ...header, content, edited_at: Number(edit?.created_at ?? 0n), reactions, state_seq };
}

function reactionsOf(connection: SqlConnection, view: Viewer, seq: bigint): ReactionCount[] {
  const rows = connection.all<{ emoji: string; people: bigint; me: bigint }>(
    `SELECT emoji, count(*) AS people, max(user_id = ?) AS me FROM reaction WHERE conversation = ? AND seq = ?
     GROUP BY emoji ORDER BY min(added_seq)`,
    idNumber(view.viewer),
    view.conversation,
    seq,
  );
  return rows.map(({ emoji, people, me }) => ({ emoji, count: Number(people), me: me === 1n }));
}
