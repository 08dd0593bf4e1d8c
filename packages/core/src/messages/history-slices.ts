import type { HistorySlice } from '../ports/message-log.ts';

/** A slice with at most `entriesMax` entries of members and names: the covered range shrinks at the end that is not kept, so that it stays true (HIST-1). */
export function trimSlice(slice: HistorySlice, entriesMax: number, keep: 'newest' | 'oldest'): HistorySlice {
  if (slice.entries.length <= entriesMax) return slice;
  const kept = keep === 'newest' ? slice.entries.slice(-entriesMax) : slice.entries.slice(0, entriesMax);
  const covered =
    keep === 'newest'
      ? { fromSeq: kept[0]?.seq ?? slice.covered.fromSeq, toSeq: slice.covered.toSeq }
      : { fromSeq: slice.covered.fromSeq, toSeq: kept.at(-1)?.seq ?? slice.covered.toSeq };
  const inRange = ({ seq }: { readonly seq: number }) => seq >= covered.fromSeq && seq <= covered.toSeq;
  return {
    messages: slice.messages.filter(inRange),
    entries: kept,
    tombstones: slice.tombstones.filter(inRange),
    covered,
    headSeq: slice.headSeq,
  };
}

/** One slice out of two that meet. The newer was read later: its head counts. */
export function joinSlices(older: HistorySlice, newer: HistorySlice): HistorySlice {
  const isEmpty = ({ covered }: HistorySlice): boolean => covered.toSeq < covered.fromSeq;
  return {
    messages: [...older.messages, ...newer.messages],
    entries: [...older.entries, ...newer.entries],
    tombstones: [...older.tombstones, ...newer.tombstones],
    // The places of an empty side say nothing: they may lie before what the member may see.
    covered: {
      fromSeq: isEmpty(older) && !isEmpty(newer) ? newer.covered.fromSeq : older.covered.fromSeq,
      toSeq: isEmpty(newer) ? older.covered.toSeq : newer.covered.toSeq,
    },
    headSeq: newer.headSeq,
  };
}
