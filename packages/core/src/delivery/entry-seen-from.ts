import type { LogEntry } from '@parley/protocol';

/**
 * HIST-4: the entry as a member has it who sees the log from `visibleFromSeq` on. An edit of what was said before does not say it either; it keeps its place, so that
 * the log has no gap. Every other entry is given as it is, the same object.
 */
export function entrySeenFrom(visibleFromSeq: number, entry: LogEntry): LogEntry {
  if (entry.type !== 'message_edited' || entry.target_seq >= visibleFromSeq) return entry;
  const { content: _, ...place } = entry;
  return place;
}
