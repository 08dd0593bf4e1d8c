import type { ConversationId, DeviceId, EntryBody, LogEntry, Message, Role, UserId } from '@parley/protocol';

/** Who writes, on which device, and which roles may: checked inside the append, so that a removal and a send cannot cross (S1, I9). */
export interface Author {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** The author must be a member with one of these roles at the moment of the write. */
  readonly roles: readonly Role[];
}

/** One entry to append. */
export interface Append {
  readonly conversationId: ConversationId;
  readonly author: Author;
  /** Unix ms: a label. */
  readonly createdAt: number;
  readonly body: Extract<EntryBody, { type: 'new_message' | 'message_edited' | 'message_deleted' | 'reaction' }>;
  /** With the author's device and the conversation: the idempotency key, unique for as long as the entry (S3). */
  readonly clientMsgId: string;
  /**
   * SHA-256 of what the sender asked for, in hexadecimal digits: the same key with another fingerprint, or after an append without one, is `key_reused`. Forgotten with the content: then every one is
   * the same. Null: the entry itself tells all that was asked, so whatever is stored under the key is a `duplicate`, and the caller compares.
   */
  readonly fingerprint: string | null;
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly entry: LogEntry }
  /** The key was used before for the same: the first entry, nothing written. */
  | { readonly kind: 'duplicate'; readonly entry: LogEntry }
  | { readonly kind: 'key_reused' }
  /** No such conversation or the author is no member: the caller must not tell which. */
  | { readonly kind: 'not_a_member' }
  | { readonly kind: 'role_too_low' }
  /** The target of an edit, deletion, reaction or reply is no message of this log that the author may see. */
  | { readonly kind: 'target_missing' }
  /** The target is a tombstone; tombstones win for ever (S13). */
  | { readonly kind: 'target_deleted' }
  /** A reaction that is there already, or the removal of one that is not: nothing written, no key kept (REACT-1). */
  | { readonly kind: 'unchanged' }
  /** One more emoji on the target would pass LIMITS.reactionsPerMessageMax. */
  | { readonly kind: 'too_many_reactions' };

/** `count` is the number of messages up to and including `seq`. */
export interface Head {
  readonly seq: number;
  readonly count: number;
  readonly lastActivityAt: number;
}

export interface LogRange {
  readonly entries: readonly LogEntry[];
  /** Every seq in (afterSeq, coveredUpTo] that the reader may see is in `entries`. */
  readonly coveredUpTo: number;
  readonly headSeq: number;
}

export interface HistoryQuery {
  readonly conversationId: ConversationId;
  /** Whose view: `me` of reactions, hidden messages, first visible seq. */
  readonly viewer: UserId;
  readonly visibleFromSeq: number;
  /** Entries with seq < beforeSeq, newest first in reading order, or seq > afterSeq, oldest first. */
  readonly from: { readonly beforeSeq: number } | { readonly afterSeq: number };
  /** At most this many messages; the covered range ends with the last one taken (or the end of the log). At most 10 × limit rows are scanned. */
  readonly limit: number;
}

export interface HistorySlice {
  /** In present state, ascending seq. */
  readonly messages: readonly Message[];
  /** Entries of members, names and creation within the covered range, ascending. */
  readonly entries: readonly LogEntry[];
  readonly tombstones: readonly { readonly seq: number; readonly reason: 'deleted' | 'hidden' }[];
  /** Inclusive; an empty range has fromSeq = toSeq + 1. */
  readonly covered: { readonly fromSeq: number; readonly toSeq: number };
  readonly headSeq: number;
}

export interface HeadsOptions {
  /** What was appended in the last two seconds may be missing (against S15), if that spares those who write: for comparisons that come again. */
  readonly mayLag?: boolean;
}

/**
 * The ordered truth of every conversation.
 *
 * Ordering: `seq` is assigned inside the durable write, gapless from 1 (S1). Atomicity, as anybody sees it and whatever stops the process: an entry, its idempotency key, its effect on the
 * target's present state (edit, tombstone, reaction count), the head and the author's own cursors (sending reads: the author's
 * `read`, `shared read` and `delivered` cursors are at least the new seq) are one write. Durability: the promise resolves
 * after the commit is on disk. A rejected promise is a StoreError that says whether the write may have been applied; the same key may be repeated (S10).
 * Reads are consistent with every append whose promise has resolved (S15).
 */
export interface MessageLog {
  /** Appends in the order given; each succeeds or is refused by itself. One commit for the batch. */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]>;
  /** Raw entries with seq > afterSeq, ascending, at most `limit`. Unknown conversation: empty with headSeq 0. Message bodies of tombstones come
   *  with no content that was deleted: their new_message entry is left out and its message_deleted entry tells why. */
  readAfter(conversationId: ConversationId, afterSeq: number, limit: number): Promise<LogRange>;
  history(query: HistoryQuery): Promise<HistorySlice>;
  /** One message in present state for a viewer; undefined when it is no message. A tombstone has content null. */
  message(conversationId: ConversationId, seq: number, viewer: UserId): Promise<Message | undefined>;
  /** Heads of the given conversations; unknown ones are missing from the answer. At most 10,000 ids. */
  heads(conversationIds: readonly ConversationId[], options?: HeadsOptions): Promise<ReadonlyMap<ConversationId, Head>>;
  /** Changes when the log was restored from a backup: positions of before are void. */
  epoch(): Promise<string>;
}
