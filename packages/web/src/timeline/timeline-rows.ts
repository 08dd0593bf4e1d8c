import type { OutboxRow, TimelineItem } from '@parley/client';
import type { LogEntry, Message } from '@parley/protocol';

/** How a row stands among its neighbours. */
export interface Framing {
  /** Stays the same when a waiting message gets its place, so that its row is not drawn anew. */
  readonly key: string;
  /** Unix ms when this row is the first of a day. */
  readonly day: number | null;
  readonly isFirstUnread: boolean;
  /** Messages of one person in quick succession are one group. */
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
}

type Content =
  | { readonly kind: 'message'; readonly seq: number; readonly message: Message }
  | { readonly kind: 'tombstone'; readonly seq: number; readonly reason: 'deleted' | 'hidden' }
  | { readonly kind: 'notice'; readonly seq: number; readonly entry: LogEntry }
  | { readonly kind: 'waiting'; readonly row: OutboxRow };

export type TimelineRow = Content & Framing;
/** Something that somebody said, whether it has its place or waits for it. */
export type SaidRow = Extract<TimelineRow, { kind: 'message' | 'waiting' }>;

const GROUP_MS = 5 * 60_000;

/**
 * What is drawn, one row an item: separators belong to the row below them, so that loading older history adds rows at the start and changes no other.
 * `unreadAfter`: the last seq that was read when the conversation was opened; null shows no line.
 */
export function timelineRows(
  items: readonly TimelineItem[],
  waiting: readonly OutboxRow[],
  unreadAfter: number | null,
  ownId: string,
): readonly TimelineRow[] {
  const shown = items.filter((item) => !(item.kind === 'tombstone' && item.reason === 'hidden'));
  const contents: readonly Content[] = [...shown, ...waiting.map((row): Content => ({ kind: 'waiting', row }))];
  const isSameDay = dayComparison();
  let isUnreadMarked = unreadAfter === null;
  let lastAt = 0;
  return contents.map((content, index) => {
    const at = timeOf(content);
    const day = at !== null && (lastAt === 0 || (at > lastAt && !isSameDay(lastAt, at))) ? at : null;
    if (at !== null) lastAt = at;
    const isFirstUnread = !isUnreadMarked && isNews(content, unreadAfter ?? 0, ownId);
    if (isFirstUnread) isUnreadMarked = true;
    const startsGroup = day !== null || isFirstUnread || !areTogether(contents[index - 1], content, ownId, isSameDay);
    const endsGroup = !areTogether(content, contents[index + 1], ownId, isSameDay);
    return asBefore(content, { key: keyOf(content), day, isFirstUnread, startsGroup, endsGroup });
  });
}

const drawn = new WeakMap<object, TimelineRow>();

/** The same row as the last time when nothing about it is new, so that a page which comes in draws its own rows and no other. */
function asBefore(content: Content, framing: Framing): TimelineRow {
  const of = content.kind === 'waiting' ? content.row : content.kind === 'message' ? content.message : content;
  const before = drawn.get(of);
  const isSame =
    before !== undefined &&
    before.key === framing.key &&
    before.day === framing.day &&
    before.isFirstUnread === framing.isFirstUnread &&
    before.startsGroup === framing.startsGroup &&
    before.endsGroup === framing.endsGroup;
  if (isSame) return before;
  const row = { ...content, ...framing };
  drawn.set(of, row);
  return row;
}

/** Whether two moments lie on one day of the reader. It remembers the last day, because the calendar is slow and neighbours are mostly of one day. */
function dayComparison(): (one: number, other: number) => boolean {
  let from = 0;
  let until = 0;
  return (one, other) => {
    if (one < from || one >= until) {
      from = new Date(one).setHours(0, 0, 0, 0);
      until = new Date(one).setHours(24, 0, 0, 0);
    }
    return from <= other && other < until;
  };
}

const timeOf = (content: Content): number | null => {
  switch (content.kind) {
    case 'message':
      return content.message.created_at;
    case 'notice':
      return content.entry.created_at;
    case 'waiting':
      return content.row.createdAt;
    case 'tombstone':
      return null;
  }
};

const isNews = (content: Content, unreadAfter: number, ownId: string): boolean =>
  content.kind === 'message' && content.seq > unreadAfter && content.message.sender_id !== ownId;

function senderOf(content: Content, ownId: string): string | null {
  if (content.kind === 'message') return content.message.sender_id;
  return content.kind === 'waiting' ? ownId : null;
}

function areTogether(
  earlier: Content | undefined,
  later: Content | undefined,
  ownId: string,
  isSameDay: (one: number, other: number) => boolean,
): boolean {
  if (earlier === undefined || later === undefined) return false;
  if (earlier.kind === 'notice' && later.kind === 'notice') return true;
  const sender = senderOf(earlier, ownId);
  if (sender === null || sender !== senderOf(later, ownId)) return false;
  const [from, to] = [timeOf(earlier) ?? 0, timeOf(later) ?? 0];
  return to - from < GROUP_MS && (to <= from || isSameDay(from, to));
}

function keyOf(content: Content): string {
  if (content.kind === 'message') return content.message.client_msg_id;
  return content.kind === 'waiting' ? content.row.clientMsgId : `seq-${content.seq}`;
}
