import type { UserLog, UserLogEntry, UserLogRange } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteUserLog implements UserLog {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;
  #listener: (entries: readonly UserLogEntry[]) => void = () => {};

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  readAfter(userId: UserId, afterSeq: number, limit: number): Promise<UserLogRange> {
    return this.#readers.query('readUserLog', { userId, afterSeq, limit });
  }

  head(userId: UserId): Promise<number> {
    return this.#readers.query('userLogHead', userId);
  }

  heads(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, number>> {
    return this.#readers.query('userLogHeads', userIds);
  }

  hideMessage(userId: UserId, conversationId: ConversationId, seq: number): ReturnType<UserLog['hideMessage']> {
    return this.#writer.call('hideMessage', { userId, conversationId, seq });
  }

  onAppended(listener: (entries: readonly UserLogEntry[]) => void): void {
    this.#listener = listener;
  }

  /** Told by the writer after each commit. */
  reportAppended(entries: readonly UserLogEntry[]): void {
    if (entries.length > 0) this.#listener(entries);
  }
}
