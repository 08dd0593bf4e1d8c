import type { ConversationId, EntryType, LogEntry, Role, UserId } from '@parley/protocol';

/** An entry of a conversation's log, as far as the checker looks at it. */
export interface EntryFact {
  readonly seq: number;
  readonly type: EntryType;
  readonly sender: UserId;
  /** Messages up to and including this entry. */
  readonly count: number;
  /** client_msg_id of the write. */
  readonly key?: string;
  readonly target?: number;
  readonly text?: string;
  readonly replyTo?: number;
  /** `emoji added` or `emoji removed`. */
  readonly reaction?: string;
  /** Who was added, removed or given a role. */
  readonly users?: readonly UserId[];
  /** That was given. */
  readonly role?: Role;
}

/** What a device shows at one place of a conversation. `text` null: a tombstone. */
export interface ShownItem {
  readonly seq: number;
  readonly text: string | null;
  /** client_msg_id. */
  readonly key?: string;
  /** Emoji → how many. */
  readonly reactions?: Readonly<Record<string, number>>;
}

export type Verb =
  | 'send'
  | 'forward'
  | 'edit'
  | 'delete'
  | 'hide'
  | 'react'
  | 'read'
  | 'create'
  | 'add'
  | 'remove'
  | 'leave'
  | 'role'
  | 'rename'
  | 'settings'
  | 'join'
  /** `text` says what: `read_receipts off`, `last_seen everyone`. */
  | 'privacy'
  | 'erase';

/**
 * One line of a history: what somebody asked for, was told, was sent or shown, and what was true at a quiescent point. Simulation and real processes
 * write the same lines, so that one checker judges both. `device` is a name that survives restarts of the app; `life` counts those.
 */
export type HistoryLine = { readonly at: number } & (
  | {
      readonly type: 'invoke';
      readonly op: number;
      readonly device: string;
      readonly user: UserId;
      readonly verb: Verb;
      readonly conversation?: ConversationId;
      readonly text?: string;
      readonly target?: number;
      /** Whom it concerns. */
      readonly other?: UserId;
      /** Of the conversation, as the device knew it. */
      readonly head?: number;
    }
  /** The write survives a crash of the device from here on, under this client_msg_id. */
  | { readonly type: 'kept'; readonly op: number; readonly key: string }
  | { readonly type: 'ok'; readonly key: string; readonly seq?: number }
  | { readonly type: 'refused'; readonly key: string; readonly code: string }
  /** Answers of operations that go over HTTP. `unknown`: no answer came. */
  | {
      readonly type: 'answer';
      readonly op: number;
      readonly outcome: 'ok' | 'refused' | 'unknown';
      readonly code?: string;
      readonly conversation?: ConversationId;
    }
  /** The server wrote an entry to a connection. */
  | {
      readonly type: 'sent';
      readonly connection: string;
      readonly device: string;
      readonly user: UserId;
      readonly conversation: ConversationId;
      readonly entry: EntryFact;
    }
  /** The server acknowledged a write. */
  | {
      readonly type: 'acked';
      readonly connection: string;
      readonly device: string;
      readonly conversation: ConversationId;
      readonly key: string;
      readonly seq: number;
      readonly duplicate: boolean;
    }
  /** The device told a connection what it holds: what lies after these places is to follow. */
  | {
      readonly type: 'synced';
      readonly connection: string;
      readonly device: string;
      readonly user: UserId;
      readonly positions: readonly { readonly conversation: ConversationId; readonly seq: number }[];
    }
  /** Positions of this connection are void: it begins anew, in one conversation or in all; `head`: after this place. */
  | {
      readonly type: 'rewound';
      readonly connection: string;
      readonly conversation?: ConversationId;
      readonly head?: number;
    }
  /** The server told the connection of a direct conversation or a group as of this place: what lies after it follows, or did already (SYNC-9). */
  | {
      readonly type: 'joined';
      readonly connection: string;
      readonly conversation: ConversationId;
      readonly head: number;
    }
  /** A connection follows a channel from now on: what lies after this place is to follow. */
  | {
      readonly type: 'subscribed';
      readonly connection: string;
      readonly device: string;
      readonly user: UserId;
      readonly conversation: ConversationId;
      readonly seq: number;
    }
  /** It does not any more. */
  | { readonly type: 'unsubscribed'; readonly connection: string; readonly conversation: ConversationId }
  /** Nothing arrives on this connection any more, and nobody is told. */
  | { readonly type: 'dead'; readonly connection: string; readonly device: string }
  /** The device knows that this connection is over. */
  | { readonly type: 'closed'; readonly connection: string; readonly device: string }
  /** The server told the cursors of a member. */
  | {
      readonly type: 'receipt';
      readonly device: string;
      readonly conversation: ConversationId;
      readonly user: UserId;
      readonly delivered: number;
      readonly read: number;
      readonly deliveredByAll: number;
      readonly readByAll: number;
    }
  /** The server told how another person is: `isTelling` when it says more than "offline, nobody knows since when". */
  | { readonly type: 'presence'; readonly device: string; readonly user: UserId; readonly isTelling: boolean }
  /** The device folded entries in: everything visible up to `coveredUpTo` is in `entries`. */
  | {
      readonly type: 'shown';
      readonly device: string;
      readonly life: number;
      readonly user: UserId;
      readonly conversation: ConversationId;
      readonly entries: readonly EntryFact[];
      readonly coveredUpTo: number;
    }
  /** The device took a present state instead of the entries before it. */
  | {
      readonly type: 'jumped';
      readonly device: string;
      readonly life: number;
      readonly conversation: ConversationId;
      readonly head: number;
    }
  /** The device let the conversation go, because its user left it: whatever it is told of it later begins anew. */
  | {
      readonly type: 'forgot';
      readonly device: string;
      readonly life: number;
      readonly conversation: ConversationId;
    }
  /** What the device shows of a conversation at some moment; the windows that it holds, not all. */
  | {
      readonly type: 'glimpse';
      /** Seen when everything was at rest, before more was loaded: what is there is to be the last version. */
      readonly atRest?: true;
      readonly device: string;
      readonly life: number;
      readonly user: UserId;
      readonly conversation: ConversationId;
      readonly items: readonly ShownItem[];
      readonly delivered: number;
      readonly read: number;
      readonly readByAll: number;
      readonly deliveredToAll: number;
    }
  /** The app ended without warning; what it had not written to its disk is gone. Everything older than `savedWithinMs` (1,000) was written. */
  | { readonly type: 'killed'; readonly device: string; readonly savedWithinMs?: number }
  | { readonly type: 'fault'; readonly what: string }
  /** Faults have ended and everything has come to rest (`isRepaired`: for so long that servers have compared all topics with their logs); `late` names what had not, when the wait was over. */
  | {
      readonly type: 'settled';
      readonly waitedMs: number;
      readonly late: readonly string[];
      readonly isRepaired?: true;
    }
  /** The log as it is at a quiescent point. Erased entries are missing; `tombstones` are the places of deleted messages. */
  | {
      readonly type: 'log';
      readonly conversation: ConversationId;
      readonly head: number;
      readonly entries: readonly EntryFact[];
      readonly tombstones: readonly number[];
      /** The membership table, to be compared with the log. `visibleFrom`: first seq that the member may read. */
      readonly members: readonly {
        readonly user: UserId;
        readonly visibleFrom: number;
        readonly delivered: number;
        readonly read: number;
        /** JSON of the member's own settings (CONV-4). */
        readonly settings?: string;
      }[];
    }
  /** A conversation as a device shows it at a quiescent point, all of its history loaded. */
  | {
      readonly type: 'view';
      readonly device: string;
      readonly user: UserId;
      readonly conversation: ConversationId;
      readonly head: number;
      readonly items: readonly ShownItem[];
      readonly unread: number;
      /** First place of the first window that the device holds. */
      readonly heldFrom?: number;
      readonly settings?: string;
      readonly delivered: number;
      readonly read: number;
      readonly deliveredToAll: number;
      readonly readByAll: number;
    }
  /** Which conversations a device lists at a quiescent point, and its badge. */
  | {
      readonly type: 'list';
      readonly device: string;
      readonly user: UserId;
      readonly conversations: readonly ConversationId[];
      readonly badge: number;
    }
  /** After everybody has gone: what is left of what should be nothing, by name. */
  | { readonly type: 'left'; readonly counts: Readonly<Record<string, number>> }
  /** Something escaped: a promise that nobody handled, a real timer or clock, an error that was reported. */
  | { readonly type: 'escaped'; readonly what: string }
);

/** A line whose time the writer adds. */
export type UntimedLine = HistoryLine extends infer L ? (L extends HistoryLine ? Omit<L, 'at'> : never) : never;

export type LineOf<T extends HistoryLine['type']> = Extract<HistoryLine, { type: T }>;

const TEXT_MAX = 60;

/** A text as a history keeps it: long ones are told apart by their beginning and length. */
export const shortened = (text: string): string =>
  text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}… ${text.length}`;

/** The part of an entry that a history keeps. */
export function factOf(entry: LogEntry): EntryFact {
  const fact = { seq: entry.seq, type: entry.type, sender: entry.sender_id, count: entry.count };
  switch (entry.type) {
    case 'new_message': {
      const { text, reply_to: replyTo } = entry.content;
      return {
        ...fact,
        key: entry.client_msg_id,
        ...(text === undefined ? {} : { text: shortened(text) }),
        ...(replyTo === undefined ? {} : { replyTo }),
      };
    }
    case 'message_edited': {
      const text = entry.content?.text;
      return {
        ...fact,
        key: entry.client_msg_id,
        target: entry.target_seq,
        ...(text === undefined ? {} : { text: shortened(text) }),
      };
    }
    case 'message_deleted':
      return {
        ...fact,
        target: entry.target_seq,
        ...(entry.client_msg_id === undefined ? {} : { key: entry.client_msg_id }),
      };
    case 'reaction':
      return {
        ...fact,
        key: entry.client_msg_id,
        target: entry.target_seq,
        reaction: `${entry.emoji} ${entry.action}`,
      };
    case 'member_added':
      return { ...fact, users: entry.user_ids };
    case 'member_removed':
      return { ...fact, users: [entry.user_id] };
    case 'member_role_changed':
      return { ...fact, users: [entry.user_id], role: entry.role };
    case 'conversation_created':
    case 'conversation_updated':
    case 'author_erased':
      return fact;
  }
}
