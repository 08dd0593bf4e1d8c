import type { HistoryQuery, HistorySlice, MessageLog, UserLog, UserLogEntry } from '@parley/core';
import type { ConversationId, LogEntry, UserId } from '@parley/protocol';
import { expect } from 'vitest';

/** The whole raw log in pages, each of which must cover something. */
export async function readWholeLog(log: MessageLog, conversationId: ConversationId, limit = 7): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let place = 0;
  for (;;) {
    const range = await log.readAfter(conversationId, place, limit);
    expect(range.entries.length).toBeLessThanOrEqual(limit);
    for (const entry of range.entries) {
      expect(entry.seq).toBeGreaterThan(entries.at(-1)?.seq ?? 0);
      expect(entry.seq).toBeLessThanOrEqual(range.coveredUpTo);
      entries.push(entry);
    }
    if (place >= range.headSeq) return entries;
    expect(range.coveredUpTo).toBeGreaterThan(place);
    place = range.coveredUpTo;
  }
}

/** The whole user log in pages. */
export async function readWholeUserLog(userLog: UserLog, userId: UserId, limit = 7): Promise<UserLogEntry[]> {
  const entries: UserLogEntry[] = [];
  let place = 0;
  for (;;) {
    const range = await userLog.readAfter(userId, place, limit);
    expect(range.entries.length).toBeLessThanOrEqual(limit);
    for (const entry of range.entries) {
      expect(entry.seq).toBeGreaterThan(entries.at(-1)?.seq ?? 0);
      expect(entry.seq).toBeLessThanOrEqual(range.coveredUpTo);
      entries.push(entry);
    }
    if (place >= range.headSeq) return entries;
    expect(range.coveredUpTo).toBeGreaterThan(place);
    place = range.coveredUpTo;
  }
}

/** The whole history from the newest page to the oldest, or the other way round; pages must touch each other. */
export async function readWholeHistory(
  log: MessageLog,
  query: Pick<HistoryQuery, 'conversationId' | 'viewer' | 'visibleFromSeq' | 'limit'>,
  direction: 'older' | 'newer',
): Promise<HistorySlice[]> {
  const slices: HistorySlice[] = [];
  let from: HistoryQuery['from'] =
    direction === 'older' ? { beforeSeq: Number.MAX_SAFE_INTEGER } : { afterSeq: query.visibleFromSeq - 1 };
  for (;;) {
    const slice = await log.history({ ...query, from });
    const { fromSeq, toSeq } = slice.covered;
    if (fromSeq > toSeq) return slices;
    if ('beforeSeq' in from) {
      expect(toSeq).toBe(Math.min(from.beforeSeq - 1, slice.headSeq));
      from = { beforeSeq: fromSeq };
    } else {
      expect(fromSeq).toBe(from.afterSeq + 1);
      from = { afterSeq: toSeq };
    }
    slices.push(slice);
  }
}
