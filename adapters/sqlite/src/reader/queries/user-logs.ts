import type { UserLogRange } from '@parley/core';
import { idNumber, type UserId } from '@parley/protocol/ids';
import { type UserLogRow, userLogEntryOfRow } from '../../rows/user-log-row.ts';
import type { SqlConnection } from '../../sql-connection.ts';

export interface ReadUserLog {
  readonly userId: UserId;
  readonly afterSeq: number;
  readonly limit: number;
}

export function readUserLog(connection: SqlConnection, { userId, afterSeq, limit }: ReadUserLog): UserLogRange {
  const headSeq = userLogHead(connection, userId);
  const rows = connection.all<UserLogRow>(
    `SELECT u.seq, u.type, u.data, c.id AS conversation_id FROM user_log u LEFT JOIN conversation c ON c.conversation = u.conversation
     WHERE u.user_id = ? AND u.seq > ? ORDER BY u.seq LIMIT ?`,
    idNumber(userId),
    afterSeq,
    limit,
  );
  const entries = rows.map((row) => userLogEntryOfRow(userId, row));
  // The newest entry is never superseded, so whoever has read all rows has covered everything up to the head.
  return { entries, coveredUpTo: entries.at(-1)?.seq ?? Math.max(afterSeq, headSeq), headSeq };
}

export function userLogHead(connection: SqlConnection, userId: UserId): number {
  const sql = 'SELECT max(seq) AS seq FROM user_log WHERE user_id = ?';
  return Number(connection.one<{ seq: bigint | null }>(sql, idNumber(userId))?.seq ?? 0n);
}

export function userLogHeads(connection: SqlConnection, userIds: readonly UserId[]): ReadonlyMap<UserId, number> {
  const rows = connection.all<{ place: bigint; seq: bigint | null }>(
    'SELECT j.key AS place, (SELECT max(seq) FROM user_log WHERE user_id = j.value) AS seq FROM json_each(?) j',
    `[${userIds.map(idNumber).join()}]`,
  );
  const heads = new Map<UserId, number>();
  for (const { place, seq } of rows) {
    const userId = userIds[Number(place)];
    if (userId !== undefined && seq !== null) heads.set(userId, Number(seq));
  }
  return heads;
}
