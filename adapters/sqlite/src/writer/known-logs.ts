import type { ConversationId, UserId } from '@parley/protocol/ids';
import type { MembershipRow } from '../rows/membership-row.ts';
import { memberOf } from './member.ts';
import { type OpenLog, openLog } from './open-log.ts';
import type { Write } from './write.ts';

/** What the right to write depends on. */
export type Author = Pick<MembershipRow, 'user_id' | 'role' | 'visible_from_seq'>;

/** A conversation, its head and some of its members, as the running transaction sees them. */
export interface KnownLog extends OpenLog {
  headSeq: number;
  messageCount: number;
  readonly authors: Map<UserId, Author>;
}

const LOGS_MAX = 10_000;
const AUTHORS_MAX = 50_000;

/**
 * Conversations and authors that this writer has read: the next message of the same author costs no query (a fifth of the writer's time for a message). Nobody else
 * writes to the store (S7), so it is true until a verb changes heads or members in another way than by appending, or a transaction is rolled back: then all is forgotten.
 */
export class KnownLogs {
  readonly #logs = new Map<ConversationId, KnownLog>();
  #authorCount = 0;

  get(conversationId: ConversationId): KnownLog | undefined {
    return this.#logs.get(conversationId);
  }

  add(log: KnownLog): void {
    if (this.#logs.size >= LOGS_MAX) this.forget();
    this.#logs.set(log.conversationId, log);
  }

  addAuthor(log: KnownLog, userId: UserId, author: Author): void {
    if (this.#authorCount >= AUTHORS_MAX) this.forget();
    this.#authorCount += 1;
    log.authors.set(userId, author);
  }

  forget(): void {
    if (this.#logs.size === 0) return;
    this.#logs.clear();
    this.#authorCount = 0;
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
  const author: Author = { user_id, role, visible_from_seq };
  write.known.addAuthor(log, userId, author);
  return author;
}
