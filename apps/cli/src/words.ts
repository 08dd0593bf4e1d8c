import {
  type ClientState,
  type HeldConversation,
  type OutboxRow,
  type Tick,
  type TimelineItem,
  tickOf,
} from '@parley/client';
import type { LogEntry, Message, UserId } from '@parley/protocol';

/** How things read in a terminal: names, times, ticks and lines of a conversation. Pure functions of the state. */

export const nameOfUser = (state: ClientState, userId: string): string =>
  userId === state.me?.user_id ? 'you' : (state.users[userId]?.name ?? 'somebody');

export const nameOfConversation = ({ resource }: HeldConversation): string =>
  resource.name ?? resource.peer?.name ?? 'Deleted user';

const TICKS: Readonly<Record<Tick, string>> = {
  pending: '·',
  sent: '✓',
  delivered: '✓✓',
  read: '✓✓ read',
  failed: '✗ not sent',
};

export const tickMark = (tick: Tick): string => TICKS[tick];

/** Hour and minute of today, else the day. */
export function shortTime(at: number, now: number): string {
  const moment = new Date(at);
  const isToday = new Date(now).toDateString() === moment.toDateString();
  const two = (number: number): string => String(number).padStart(2, '0');
  return isToday
    ? `${two(moment.getHours())}:${two(moment.getMinutes())}`
    : `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** Terminals obey control characters: those of other people's texts are shown as a mark, never passed on. */
export const harmless = (text: string): string => text.replaceAll(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '�');

const textOf = ({ content }: Message): string => (content === null ? 'deleted' : (content.text ?? '(encrypted)'));

export interface TimelineLine {
  readonly key: string;
  readonly seq: number | undefined;
  readonly time: string;
  readonly who: string;
  readonly text: string;
  readonly marks: string;
  readonly isOwn: boolean;
}

function notice(state: ClientState, entry: LogEntry): string {
  const who = nameOfUser(state, entry.sender_id);
  const names = (ids: readonly UserId[]): string => ids.map((id) => nameOfUser(state, id)).join(', ');
  switch (entry.type) {
    case 'conversation_created':
      return `${who} started this conversation`;
    case 'conversation_updated':
      return entry.name === undefined ? `${who} changed this conversation` : `${who} named it “${entry.name}”`;
    case 'member_added':
      return entry.user_ids.includes(entry.sender_id) ? `${who} joined` : `${who} added ${names(entry.user_ids)}`;
    case 'member_removed':
      return entry.user_id === entry.sender_id ? `${who} left` : `${who} removed ${names([entry.user_id])}`;
    case 'member_role_changed':
      return `${who} made ${names([entry.user_id])} ${entry.role}`;
    case 'new_message':
    case 'message_edited':
    case 'message_deleted':
    case 'reaction':
    case 'author_erased':
      return '';
  }
}

function quoteOf(message: Message, items: readonly TimelineItem[], state: ClientState): string {
  const replyTo = message.content?.reply_to;
  if (replyTo === undefined) return '';
  const original = items.find((item) => item.seq === replyTo);
  const words =
    original?.kind === 'message'
      ? `${nameOfUser(state, original.message.sender_id)}: ${textOf(original.message).slice(0, 30)}`
      : `#${replyTo}`;
  return `↳ (${words}) `;
}

/** One item of a timeline as a line. */
export function timelineLine(
  state: ClientState,
  item: TimelineItem,
  items: readonly TimelineItem[],
  now: number,
): TimelineLine {
  if (item.kind === 'tombstone') {
    return {
      key: String(item.seq),
      seq: item.seq,
      time: '',
      who: '',
      text: item.reason === 'hidden' ? '(deleted for you)' : '(deleted)',
      marks: '',
      isOwn: false,
    };
  }
  if (item.kind === 'notice') {
    return {
      key: String(item.seq),
      seq: undefined,
      time: shortTime(item.entry.created_at, now),
      who: '',
      text: `— ${harmless(notice(state, item.entry))} —`,
      marks: '',
      isOwn: false,
    };
  }
  const { message } = item;
  const isOwn = message.sender_id === state.me?.user_id;
  const reactions = message.reactions
    .map((reaction) => `${reaction.emoji}${reaction.count > 1 ? reaction.count : ''}`)
    .join(' ');
  const edited = message.edited_at === null ? '' : 'edited';
  const tick = isOwn ? tickMark(tickOf(state, message)) : '';
  const forwarded = message.content?.forwarded_from === undefined ? '' : '(forwarded) ';
  return {
    key: String(message.seq),
    seq: message.seq,
    time: shortTime(message.created_at, now),
    who: harmless(nameOfUser(state, message.sender_id)),
    text: harmless(quoteOf(message, items, state) + forwarded + textOf(message)),
    marks: [reactions, edited, tick].filter((mark) => mark !== '').join(' '),
    isOwn,
  };
}

/** A write that is not stored, as a line; undefined while it is merely on its way. Without times, so that it is printed once. */
export function waitingLine({ write, state }: OutboxRow, isConnected: boolean): string | undefined {
  const what = harmless(write.kind === 'send' ? (write.content.text ?? '') : 'forwarded message');
  switch (state.kind) {
    case 'stored':
      return undefined;
    case 'failed':
      return `${TICKS.failed}: ${what} (${state.detail} /retry sends it again.)`;
    case 'pending':
      if (isConnected && state.delay === undefined) return undefined;
      return `${TICKS.pending} you: ${what} (kept on this machine; it is sent by itself)`;
  }
}
