import type { Message } from '@parley/protocol';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { ClientState, HeldConversation } from './state.ts';
import { itemAt, type Range, type TimelineItem } from './timeline.ts';

/** The questions that views ask. Pure functions of the state; those that make new arrays remember the last answer for the same state. */

export type Tick = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

/** Pinned first, then last activity; archived ones apart. */
export const conversationList = remembered((conversations: ClientState['conversations']) =>
  Object.values(conversations)
    .filter(({ resource }) => !resource.my.settings.archived)
    .sort(byPlaceInList),
);

export const archivedList = remembered((conversations: ClientState['conversations']) =>
  Object.values(conversations)
    .filter(({ resource }) => resource.my.settings.archived)
    .sort(byPlaceInList),
);

/** Messages that this user has not read, including what a read mark of this device has just covered. */
export function unreadOf(conversation: HeldConversation): number {
  const { resource, readMark } = conversation;
  return Math.max(0, resource.message_count - Math.max(resource.my.read_count, readMark?.count ?? 0));
}

/** The badge: unread messages of all conversations that are neither archived nor muted at `now` (Unix ms). */
export function unreadTotal(state: ClientState, now: number): number {
  return Object.values(state.conversations)
    .filter(({ resource }) => !resource.my.settings.archived && (resource.my.settings.muted_until ?? 0) <= now)
    .reduce((total, conversation) => total + unreadOf(conversation), 0);
}

export interface TimelineView {
  readonly items: readonly TimelineItem[];
  /** Sends and forwards that are not in the log yet, in order: shown below the items. */
  readonly pending: readonly OutboxRow[];
  /** Places between the held windows, both ends missing: `loadOlder` from the later side or `loadNewer` from the earlier fills them. */
  readonly holes: readonly Range[];
  /** Nothing older is there for this member. */
  readonly isAtStart: boolean;
  /** Nothing newer is there. */
  readonly isAtEnd: boolean;
}

const timelineOf = remembered((conversation: HeldConversation) => {
  const { timeline, resource } = conversation;
  const { ranges } = timeline;
  const holes = ranges.slice(1).map((range, index) => ({ from: (ranges[index]?.to ?? 0) + 1, to: range.from - 1 }));
  const first = ranges[0]?.from ?? resource.head_seq + 1;
  return {
    items: timeline.items,
    holes,
    isAtStart: first <= Math.max(1, resource.my.visible_from_seq),
    isAtEnd: resource.head_seq === 0 || ranges.at(-1)?.to === resource.head_seq,
  };
});

const sendsByConversation = remembered((outbox: ClientState['outbox']) =>
  Map.groupBy(
    outbox.filter(({ write }) => write.kind === 'send' || write.kind === 'forward'),
    (row) => row.conversationId as string,
  ),
);

const NO_ROWS: readonly OutboxRow[] = [];
const views = new WeakMap<object, { pending: readonly OutboxRow[]; view: TimelineView }>();

export function timeline(state: ClientState, conversationId: string): TimelineView | undefined {
  const conversation = state.conversations[conversationId];
  if (conversation === undefined) return undefined;
  const pending = sendsByConversation(state.outbox).get(conversationId) ?? NO_ROWS;
  const known = views.get(conversation);
  if (known !== undefined && isSameList(known.pending, pending)) return known.view;
  const view = { ...timelineOf(conversation), pending };
  views.set(conversation, { pending, view });
  return view;
}

/** The tick of a message or of an outbox row. Only own messages have one that means something. */
export function tickOf(state: ClientState, item: Message | OutboxRow): Tick {
  if ('clientMsgId' in item) {
    if (item.state.kind === 'stored') return 'sent';
    return item.state.kind;
  }
  const receipts = state.conversations[item.conversation_id]?.resource.receipts;
  if (receipts === undefined) return 'sent';
  // Who hides own reading does not see that of others (RCPT-4), though an answer of theirs tells that they have read (SEND-11).
  const seesReading = state.me?.privacy.read_receipts !== false;
  if (seesReading && item.seq <= receipts.read_up_to) return 'read';
  return item.seq <= receipts.delivered_up_to ? 'delivered' : 'sent';
}

/** User ids of those who type at `now` (Unix ms), without the own. */
export function typingIn(state: ClientState, conversationId: string, now: number): readonly string[] {
  return Object.entries(state.typing[conversationId] ?? {}).flatMap(([userId, untilMs]) =>
    untilMs > now && userId !== state.me?.user_id ? [userId] : [],
  );
}

/** What the own reaction will be when everything that waits is done; undefined where the message is not here. */
export function reactionAfterOutbox(
  state: ClientState,
  conversationId: string,
  targetSeq: number,
  emoji: string,
): 'added' | 'removed' | undefined {
  const last = state.outbox.findLast(
    ({ conversationId: id, write, state: rowState }) =>
      id === conversationId &&
      rowState.kind !== 'failed' &&
      write.kind === 'react' &&
      write.targetSeq === targetSeq &&
      write.emoji === emoji,
  );
  if (last?.write.kind === 'react') return last.write.action;
  const conversation = state.conversations[conversationId];
  const item = conversation && itemAt(conversation.timeline, targetSeq);
  if (item?.kind !== 'message') return undefined;
  return item.message.reactions.some((reaction) => reaction.emoji === emoji && reaction.me) ? 'added' : 'removed';
}

function byPlaceInList(one: HeldConversation, other: HeldConversation): number {
  const pins = Number(other.resource.my.settings.pinned) - Number(one.resource.my.settings.pinned);
  if (pins !== 0) return pins;
  const age = other.resource.last_activity_at - one.resource.last_activity_at;
  if (age !== 0) return age;
  return one.resource.conversation_id < other.resource.conversation_id ? 1 : -1;
}

const isSameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

/** The same answer for the same part of the state, so that a view that shows it does not draw again. */
function remembered<Part extends object, Answer>(question: (part: Part) => Answer): (part: Part) => Answer {
  const answers = new WeakMap<Part, { answer: Answer }>();
  return (part) => {
    const known = answers.get(part);
    if (known !== undefined) return known.answer;
    const answer = question(part);
    answers.set(part, { answer });
    return answer;
  };
}
