import type { CursorMove, CursorRequest } from '@parley/core';
import { type ConversationId, idNumber } from '@parley/protocol/ids';
import { smallestCursorSql } from '../../rows/membership-row.ts';
import { memberOf } from '../member.ts';
import { type OpenLog, openLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

/** A conversation whose members move their cursors in this call: looked up once for all of them. */
interface Place {
  readonly log: OpenLog | undefined;
  /** The smallest cursors of all members, read after the last move. */
  smallest?: Smallest;
}

interface Smallest {
  readonly deliveredByAllUpTo: number;
  readonly readByAllUpTo: number;
}

interface Cursors {
  readonly delivered: number;
  readonly read: number;
  readonly sharedRead: number;
  readonly readCount: number;
}

export function moveCursors(write: Write, requests: readonly CursorRequest[]): readonly (CursorMove | undefined)[] {
  const places = new Map<ConversationId, Place>();
  for (const { conversationId } of requests)
    if (!places.has(conversationId)) places.set(conversationId, { log: openLog(write, conversationId) });
  const moves = requests.map((request) => moveCursor(write, places.get(request.conversationId)?.log, request));
  return requests.map(({ conversationId }, index) => {
    const [move, place] = [moves[index], places.get(conversationId)];
    if (move === undefined || place?.log === undefined) return undefined;
    place.smallest ??= smallestCursors(write, place.log);
    return { ...move, ...place.smallest };
  });
}

function moveCursor(
  write: Write,
  log: OpenLog | undefined,
  request: CursorRequest,
): Omit<CursorMove, keyof Smallest> | undefined {
  const member = log && memberOf(write, log, request.userId);
  if (log === undefined || member === undefined) return undefined;
  const before: Cursors = {
    delivered: Number(member.delivered_up_to),
    read: Number(member.read_up_to),
    sharedRead: Number(member.shared_read_up_to),
    readCount: Number(member.read_count),
  };
  const after = cursorsAfter(write, log, before, request);
  const ownMoved = after.delivered > before.delivered || after.read > before.read;
  if (ownMoved || after.sharedRead > before.sharedRead) store(write, log, request, after);
  const cursors = { deliveredUpTo: after.delivered, readUpTo: after.read, readCount: after.readCount };
  if (ownMoved) {
    const { conversationId } = request;
    appendUserFact(write, request.userId, { type: 'cursor_moved', conversationId, ...cursors }, log.conversation);
  }
  const { headSeq, messageCount } = log;
  const isDelivery = after.delivered > before.delivered;
  const isNews = isDelivery || after.sharedRead > before.sharedRead;
  return { ...cursors, headSeq, messageCount, sharedReadUpTo: after.sharedRead, isNews, isDelivery };
}

/** Forward only, never past the head; reading implies delivery (RCPT-1). */
function cursorsAfter(write: Write, log: OpenLog, before: Cursors, request: CursorRequest): Cursors {
  const read = Math.min(request.readUpTo, log.headSeq);
  const delivered = Math.max(before.delivered, read, Math.min(request.deliveredUpTo, log.headSeq));
  const sharedRead = request.sharesReading ? Math.max(before.sharedRead, read) : before.sharedRead;
  if (read <= before.read) return { ...before, delivered, sharedRead };
  return { delivered, read, sharedRead, readCount: countAt(write, log, read) };
}

function countAt(write: Write, log: OpenLog, seq: number): number {
  if (seq === log.headSeq) return log.messageCount;
  const row = write.connection.one<{ count: bigint }>(
    'SELECT count FROM conversation_log WHERE conversation = ? AND seq = ?',
    log.conversation,
    seq,
  );
  return Number(row?.count ?? 0n);
}

function store(write: Write, log: OpenLog, { userId }: CursorRequest, cursors: Cursors): void {
  write.connection.run(
    'UPDATE membership SET delivered_up_to = ?, read_up_to = ?, shared_read_up_to = ?, read_count = ? WHERE conversation = ? AND user_id = ?',
    cursors.delivered,
    cursors.read,
    cursors.sharedRead,
    cursors.readCount,
    log.conversation,
    idNumber(userId),
  );
}

const SMALLEST = `SELECT ${smallestCursorSql('delivered_up_to')} AS delivered, ${smallestCursorSql('shared_read_up_to')} AS read
  FROM conversation c WHERE c.conversation = ?`;

function smallestCursors(write: Write, log: OpenLog): Smallest {
  const row = write.connection.one<{ delivered: bigint | null; read: bigint | null }>(SMALLEST, log.conversation);
  return { deliveredByAllUpTo: Number(row?.delivered ?? 0n), readByAllUpTo: Number(row?.read ?? 0n) };
}
