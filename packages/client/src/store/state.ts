import type { Conversation, Me, Presence, User } from '@parley/protocol';
import type { ConnectionStatus } from '../connection/status.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { Timeline } from './timeline.ts';

/** How far one other member is, at least. */
export interface Cursors {
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
}

/** A read mark of this device that the server has not confirmed. `count`: messages up to `upTo`. */
export interface ReadMark {
  readonly upTo: number;
  readonly count: number;
}

/**
 * One conversation on this device. `resource.head_seq` is the device's position: everything up to it is folded in, nothing beyond it.
 */
export interface HeldConversation {
  readonly resource: Conversation;
  readonly timeline: Timeline;
  /** Members known to be beyond `resource.receipts`, by user id (empty in channels). */
  readonly ahead: Readonly<Record<string, Cursors>>;
  /** Nobody has gone after this place: where the state was taken, or the last removal. */
  readonly nobodyGoneSince: number;
  readonly readMark: ReadMark | null;
  /** The latest messages that were "deleted for me": the user's log may tell it before the message itself is here. */
  readonly hidden: readonly number[];
}

/** Something is not here, and it is not known where in the list it stands. */
export const LIST_BEGINNING = '';
/** Stands before a cursor of the list of what is archived, which comes after all others (CONV-3). No cursor has a space. */
export const ARCHIVE = 'archive ';

/** Everything that a view shows. Plain data: it can be stored and handed to another tab as it is. */
export interface ClientState {
  readonly status: ConnectionStatus;
  readonly me: Me | null;
  /** `null`: this device has no snapshot yet. */
  readonly epoch: string | null;
  readonly userSeq: number;
  /** By conversation id. */
  readonly conversations: Readonly<Record<string, HeldConversation>>;
  /** What of the list is still to be read: the rest (a cursor), `LIST_BEGINNING`, or what is archived (`ARCHIVE`, and a cursor); `null`: all are here. */
  readonly moreConversations: string | null;
  /** People seen, by user id. */
  readonly users: Readonly<Record<string, User>>;
  /** By user id; only of those who are watched. */
  readonly presence: Readonly<Record<string, Presence>>;
  /** Who types: conversation id → user id → until when (Unix ms). */
  readonly typing: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** In order. */
  readonly outbox: readonly OutboxRow[];
}

export const emptyState: ClientState = {
  status: { kind: 'offline' },
  me: null,
  epoch: null,
  userSeq: 0,
  conversations: {},
  moreConversations: null,
  users: {},
  presence: {},
  typing: {},
  outbox: [],
};
