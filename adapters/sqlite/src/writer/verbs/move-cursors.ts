import type { CursorMove, CursorRequest } from '@parley/core';
import { idNumber } from '@parley/protocol/ids';
import { smallestCursorSql } from '../../rows/membership-row.ts';
import { memberOf } from '../member.ts';
import { type OpenLog, openLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

export function moveCursors(write: Write, requests: readonly CursorRequest[]): readonly (CursorMove | undefined)[] {
  return requests.map((request) => moveCursor(write, request));
}

interface Cursors {
  readonly delivered: number;
  readonly read: number;
  readonly sharedRead: number;
  readonly readCount: number;
}

function moveCursor(write: Write, request: CursorRequest): CursorMove | undefined {
  const log = openLog(write, request.conversationId);
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
  if (ownMoved) {
    const { conversationId } = request;
    const cursors = { deliveredUpTo: after.delivered, readUpTo: after.read, readCount: after.readCount };
    appendUserFact(write, request.userId, { type: 'cursor_moved', conversationId, ...cursors }, log.conversation);
  }
  const { headSeq, messageCount } = log;
  return {
    deliveredUpTo: after.delivered,
    readUpTo: after.read,
    readCount: after.readCount,
    headSeq,
    messageCount,
    moved: ownMoved || after.sharedRead > before.sharedRead,
    sharedUpTo: request.kind === 'read' ? after.sharedRead : after.delivered,
    allUpTo: smallestCursor(write, log, request),
  };
}

/** Forward only, never past the head; reading implies delivery (RCPT-1). */
function cursorsAfter(write: Write, log: OpenLog, before: Cursors, { kind, upTo, shared }: CursorRequest): Cursors {
  const place = Math.min(upTo, log.headSeq);
  const delivered = Math.max(before.delivered, place);
  if (kind === 'delivered') return { ...before, delivered };
  const sharedRead = shared ? Math.max(before.sharedRead, place) : before.sharedRead;
  if (place <= before.read) return { ...before, delivered, sharedRead };
  return { delivered, read: place, sharedRead, readCount: countAt(write, log, place) };
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

const SMALLEST_DELIVERED = `SELECT ${smallestCursorSql('delivered_up_to')} AS smallest FROM conversation c WHERE c.conversation = ?`;
const SMALLEST_SHARED_READ = `SELECT ${smallestCursorSql('shared_read_up_to')} AS smallest FROM conversation c WHERE c.conversation = ?`;

function smallestCursor(write: Write, log: OpenLog, { kind }: CursorRequest): number {
  const row = write.connection.one<{ smallest: bigint | null }>(
    kind === 'read' ? SMALLEST_SHARED_READ : SMALLEST_DELIVERED,
    log.conversation,
  );
  return Number(row?.smallest ?? 0n);
}
