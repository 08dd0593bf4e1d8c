import type { HistoryPage, LogEntry, Message } from '@parley/protocol';
import { type Amendment, amend, isAmendment, messageOf } from './message.ts';

export type TimelineItem =
  | { readonly kind: 'message'; readonly seq: number; readonly message: Message }
  /** `deleted` for everyone, `hidden` by this user. */
  | { readonly kind: 'tombstone'; readonly seq: number; readonly reason: 'deleted' | 'hidden' }
  /** A change of members or names. */
  | { readonly kind: 'notice'; readonly seq: number; readonly entry: LogEntry };

/** Both ends are held. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The windows of a conversation's history that are on this device. Inside a range every seq is known: an item, or an entry that is folded in.
 * Between ranges lie holes. Ranges and items ascend; ranges neither overlap nor touch.
 */
export interface Timeline {
  readonly ranges: readonly Range[];
  readonly items: readonly TimelineItem[];
}

export const emptyTimeline: Timeline = { ranges: [], items: [] };

/** More than this is not kept in memory for one conversation; the far end goes first. */
export const TIMELINE_ITEMS_MAX = 2_000;

const itemOf = (message: Message): TimelineItem =>
  message.content === null
    ? { kind: 'tombstone', seq: message.seq, reason: 'deleted' }
    : { kind: 'message', seq: message.seq, message };

/** Adds the next entry that this member sees after the head; the places between show nothing. */
export function appendEntry(timeline: Timeline, entry: LogEntry, headSeq: number, userId: string): Timeline {
  const ranges = withRange(timeline.ranges, { from: headSeq + 1, to: entry.seq });
  if (isAmendment(entry)) return amendItem({ ranges, items: timeline.items }, entry, userId);
  if (entry.type === 'author_erased') return buryAuthor({ ranges, items: timeline.items }, entry);
  const item: TimelineItem =
    entry.type === 'new_message' ? itemOf(messageOf(entry)) : { kind: 'notice', seq: entry.seq, entry };
  return trimmed({ ranges, items: [...timeline.items, item] }, 'newest');
}

function amendItem(timeline: Timeline, entry: Amendment, userId: string): Timeline {
  if (entry.type === 'message_deleted') return bury(timeline, entry.target_seq, 'deleted');
  const index = indexOf(timeline.items, entry.target_seq);
  const item = timeline.items[index];
  if (item?.seq !== entry.target_seq || item.kind !== 'message') return timeline;
  const amended: TimelineItem = { ...item, message: amend(item.message, entry, userId) };
  return { ...timeline, items: timeline.items.with(index, amended) };
}

/** Places up to `upTo` after the head that hold nothing for this member. */
export const coverUpTo = (timeline: Timeline, headSeq: number, upTo: number): Timeline => ({
  ranges: withRange(timeline.ranges, { from: headSeq + 1, to: upTo }),
  items: timeline.items,
});

/**
 * Puts a page of history in. Only what lies at or before the head is taken: later places come as entries. `since` are the entries that arrived while the
 * page was under way: a page that was read before them must not undo them.
 */
export function mergePage(
  timeline: Timeline,
  page: Pick<HistoryPage, 'messages' | 'entries' | 'tombstones' | 'covered'>,
  headSeq: number,
  since: readonly LogEntry[],
  userId: string,
): Timeline {
  const from = page.covered.from_seq;
  const to = Math.min(page.covered.to_seq, headSeq);
  if (from > to) return timeline;
  const fresh: TimelineItem[] = [
    ...page.messages.map(itemOf),
    ...page.entries.map((entry): TimelineItem => ({ kind: 'notice', seq: entry.seq, entry })),
    ...page.tombstones.map(({ seq, reason }): TimelineItem => ({ kind: 'tombstone', seq, reason })),
  ];
  const items = fresh.filter((item) => item.seq <= to).sort((one, other) => one.seq - other.seq);
  let window: Timeline = { ranges: [{ from, to }], items };
  for (const entry of since) if (isAmendment(entry)) window = amendItem(window, entry, userId);
  for (const entry of since) if (entry.type === 'author_erased') window = buryAuthor(window, entry);
  // Tombstones win for ever (S13), also over a page that was read before the deletion.
  for (const item of timeline.items) if (item.kind === 'tombstone') window = bury(window, item.seq, item.reason);
  const before = timeline.items.filter((item) => item.seq < from);
  const after = timeline.items.filter((item) => item.seq > to);
  const isOlder = before.length === 0 && after.length > 0;
  return trimmed(
    { ranges: withRange(timeline.ranges, { from, to }), items: [...before, ...window.items, ...after] },
    isOlder ? 'oldest' : 'newest',
  );
}

/**
 * Deleted for everyone, or hidden ("deleted for me"): the item becomes a tombstone. A held place without an item gets one: the content was erased before
 * this device saw it.
 */
export function bury(timeline: Timeline, seq: number, reason: 'deleted' | 'hidden'): Timeline {
  if (!timeline.ranges.some((range) => range.from <= seq && seq <= range.to)) return timeline;
  const index = indexOf(timeline.items, seq);
  const item = timeline.items[index];
  // Deleted for everyone is more than hidden.
  if (item?.seq === seq && item.kind === 'tombstone' && (item.reason === 'deleted' || item.reason === reason))
    return timeline;
  const items = timeline.items.toSpliced(index, item?.seq === seq ? 1 : 0, { kind: 'tombstone', seq, reason });
  return { ...timeline, items };
}

/** ACCT-1: every message of the sender becomes a tombstone; after the entry there is none. */
const buryAuthor = (
  timeline: Timeline,
  { sender_id: author }: Extract<LogEntry, { type: 'author_erased' }>,
): Timeline => ({
  ...timeline,
  items: timeline.items.map((item) =>
    item.kind === 'message' && item.message.sender_id === author
      ? { kind: 'tombstone', seq: item.seq, reason: 'deleted' }
      : item,
  ),
});

export const itemAt = (timeline: Timeline, seq: number): TimelineItem | undefined => {
  const item = timeline.items[indexOf(timeline.items, seq)];
  return item?.seq === seq ? item : undefined;
};

/** First index whose seq is not smaller. */
function indexOf(items: readonly TimelineItem[], seq: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The ranges with one more, joined where they overlap or touch. */
function withRange(ranges: readonly Range[], added: Range): readonly Range[] {
  if (added.from > added.to) return ranges;
  let { from, to } = added;
  const apart: Range[] = [];
  for (const range of ranges) {
    if (range.to + 1 < from || range.from > to + 1) apart.push(range);
    else {
      from = Math.min(from, range.from);
      to = Math.max(to, range.to);
    }
  }
  return [...apart, { from, to }].sort((one, other) => one.from - other.from);
}

function trimmed(timeline: Timeline, keep: 'newest' | 'oldest'): Timeline {
  if (timeline.items.length <= TIMELINE_ITEMS_MAX) return timeline;
  return keep === 'newest' ? newestOf(timeline, TIMELINE_ITEMS_MAX) : oldestOf(timeline, TIMELINE_ITEMS_MAX);
}

/** The last `itemsMax` items and the ranges they lie in. */
export function newestOf(timeline: Timeline, itemsMax: number): Timeline {
  const items = timeline.items.slice(-itemsMax);
  const first = items[0]?.seq;
  if (items.length === timeline.items.length || first === undefined) return timeline;
  const ranges = timeline.ranges.filter((range) => range.to >= first);
  return { items, ranges: ranges.map((range) => ({ from: Math.max(range.from, first), to: range.to })) };
}

function oldestOf(timeline: Timeline, itemsMax: number): Timeline {
  const items = timeline.items.slice(0, itemsMax);
  const last = items.at(-1)?.seq ?? 0;
  const ranges = timeline.ranges.filter((range) => range.from <= last);
  return { items, ranges: ranges.map((range) => ({ from: range.from, to: Math.min(range.to, last) })) };
}

/** The last message before a place, when nothing is missing between them. */
export function messageBefore(timeline: Timeline, seq: number): Message | undefined {
  const range = timeline.ranges.find(({ from, to }) => from <= seq && seq <= to);
  const item = timeline.items.findLast(
    (candidate) => candidate.seq < seq && candidate.kind !== 'notice' && !isHidden(candidate),
  );
  return range !== undefined && item?.kind === 'message' && item.seq >= range.from ? item.message : undefined;
}

const isHidden = (item: TimelineItem): boolean => item.kind === 'tombstone' && item.reason === 'hidden';
