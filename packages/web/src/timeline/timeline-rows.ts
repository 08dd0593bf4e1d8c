import type { OutboxRow, TimelineItem } from '@parley/client';
import type { LogEntry, Message } from '@parley/protocol';
import { daysBetween } from '../i18n/use-time.ts';

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
  let isUnreadMarked = unreadAfter === null;
  let lastAt = 0;
  return contents.map((content, index) => {
    const at = timeOf(content);
    const day = at !== null && (lastAt === 0 || daysBetween(lastAt, at) > 0) ? at : null;
    if (at !== null) lastAt = at;
    const isFirstUnread = !isUnreadMarked && isNews(content, unreadAfter ?? 0, ownId);
    if (isFirstUnread) isUnreadMarked = true;
    const startsGroup = day !== null || isFirstUnread || !areTogether(contents[index - 1], content, ownId);
    const endsGroup = !areTogether(content, contents[index + 1], ownId);
    return { ...content, key: keyOf(content), day, isFirstUnread, startsGroup, endsGroup };
  });
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

function areTogether(earlier: Content | undefined, later: Content | undefined, ownId: string): boolean {
  if (earlier === undefined || later === undefined) return false;
  if (earlier.kind === 'notice' && later.kind === 'notice') return true;
  const sender = senderOf(earlier, ownId);
  if (sender === null || sender !== senderOf(later, ownId)) return false;
  const [from, to] = [timeOf(earlier) ?? 0, timeOf(later) ?? 0];
  return to - from < GROUP_MS && daysBetween(from, to) === 0;
}

function keyOf(content: Content): string {
  if (content.kind === 'message') return content.message.client_msg_id;
  return content.kind === 'waiting' ? content.row.clientMsgId : `seq-${content.seq}`;
}
