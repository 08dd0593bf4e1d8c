import type { ConversationId, UserId } from '@parley/protocol/ids';
import { ROLES, type RoleSet, roleSetOf } from '../rows/columns.ts';
import type { MembershipRow } from '../rows/membership-row.ts';
import { memberOf } from './member.ts';
import { type OpenLog, openLog } from './open-log.ts';
import { Unsettled, type Writer } from './unsettled.ts';
import type { Write } from './write.ts';

/** What the right to write depends on. `roleBit`: see RoleSet. */
export interface Author extends Pick<MembershipRow, 'user_id' | 'visible_from_seq'>, Writer {
  readonly roleBit: RoleSet;
}

/** A conversation, its head and some of its members, as the running transaction sees them. */
export interface KnownLog extends OpenLog {
  headSeq: number;
  messageCount: number;
  readonly authors: Map<UserId, Author>;
}

/** Logs and authors of one generation together: some 12 MiB. */
export const GENERATION_MAX = 50_000;

/**
 * Conversations and authors that this writer has read: the next message of the same author costs no query (a fifth of the writer's time for a message). Nobody else
 * writes to the store (S7), so what is known of a log is true until it gets an entry in another way than by `append` (no head and no member's right to write
 * changes without one): then that log is forgotten. A transaction that is rolled back makes all forgotten.
 *
 * There are two generations. When the new one is full it becomes the old one, and what nobody has asked for since goes: no moment at which all is read anew.
 */
export class KnownLogs {
  #recent = new Map<ConversationId, KnownLog>();
  #older = new Map<ConversationId, KnownLog>();
  #recentSize = 0;
  readonly unsettled = new Unsettled();
  /** Logs with unsettled entries stay known however long nobody asks: the tables tell of an older head. */
  readonly #kept = new Map<ConversationId, KnownLog>();

  get(conversationId: ConversationId): KnownLog | undefined {
    const recent = this.#recent.get(conversationId);
    if (recent !== undefined) return recent;
    const older = this.#older.get(conversationId) ?? this.#kept.get(conversationId);
    if (older !== undefined) this.add(older);
    return older;
  }

  add(log: KnownLog): void {
    this.#grow(1 + log.authors.size);
    this.#recent.set(log.conversationId, log);
  }

  addAuthor(log: KnownLog, userId: UserId, author: Author): void {
    this.#grow(1);
    log.authors.set(userId, author);
  }

  /** An entry was appended to it. */
  keep(log: KnownLog): void {
    this.#kept.set(log.conversationId, log);
  }

  /** As of Unsettled. */
  takeFromPass(logsMax: number): ReturnType<Unsettled['takeFromPass']> {
    const taken = this.unsettled.takeFromPass(logsMax);
    if (taken.settledEntry !== null)
      for (const { conversationId, conversation } of this.#kept.values())
        if (!this.unsettled.has(Number(conversation))) this.#kept.delete(conversationId);
    return taken;
  }

  /** Only of a log that is settled. */
  forget(conversationId: ConversationId): void {
    this.#recent.delete(conversationId);
    this.#older.delete(conversationId);
  }

  forgetAll(): void {
    this.#recent.clear();
    this.#older.clear();
    this.#recentSize = 0;
    this.#kept.clear();
    this.unsettled.forget();
  }

  #grow(by: number): void {
    if (this.#recentSize + by > GENERATION_MAX) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#recentSize = 0;
    }
    this.#recentSize += by;
  }
}

export function knownLog(write: Write, conversationId: ConversationId): KnownLog | undefined {
  const known = write.known.get(conversationId);
  if (known !== undefined) return known;
  const log = openLog(write, conversationId);
  if (log === undefined) return undefined;
  const read: KnownLog = { ...log, authors: new Map() };
  write.known.add(read);
  return read;
}

/** Undefined: no member. */
export function knownAuthor(write: Write, log: KnownLog, userId: UserId): Author | undefined {
  const known = log.authors.get(userId);
  if (known !== undefined) return known;
  const member = memberOf(write, log, userId);
  if (member === undefined) return undefined;
  const { user_id, role, visible_from_seq } = member;
  const roleBit = roleSetOf([ROLES.wordOf(role)]);
  const author: Author = { user_id, roleBit, visible_from_seq, lastSeq: 0, lastCount: 0 };
  write.known.addAuthor(log, userId, author);
  return author;
}
