import type { CursorMove, CursorRequest, Membership, MembershipStore } from '@parley/core';
import type { ConversationId, MySettings, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteMembershipStore implements MembershipStore {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  find(conversationId: ConversationId, userId: UserId): Promise<Membership | undefined> {
    return this.#readers.query('findMembership', { conversationId, userId });
  }

  conversationsOf(userId: UserId): Promise<readonly ConversationId[]> {
    return this.#readers.query('conversationsOf', userId);
  }

  list(conversationId: ConversationId, after: UserId | null, limit: number): ReturnType<MembershipStore['list']> {
    return this.#readers.query('listMembers', { conversationId, after, limit });
  }

  add(request: Parameters<MembershipStore['add']>[0]): ReturnType<MembershipStore['add']> {
    return this.#writer.call('addMembers', request);
  }

  remove(request: Parameters<MembershipStore['remove']>[0]): ReturnType<MembershipStore['remove']> {
    return this.#writer.call('removeMember', request);
  }

  changeRole(request: Parameters<MembershipStore['changeRole']>[0]): ReturnType<MembershipStore['changeRole']> {
    return this.#writer.call('changeRole', request);
  }

  async moveCursors(requests: readonly CursorRequest[]): Promise<readonly (CursorMove | undefined)[]> {
    return requests.length === 0 ? [] : this.#writer.call('moveCursors', requests);
  }

  changeSettings(
    conversationId: ConversationId,
    userId: UserId,
    change: Partial<MySettings>,
  ): Promise<MySettings | undefined> {
    return this.#writer.call('changeSettings', { conversationId, userId, change });
  }

  receipts(
    conversationId: ConversationId,
    seq: number,
    after: UserId | null,
    limit: number,
  ): ReturnType<MembershipStore['receipts']> {
    return this.#readers.query('readReceipts', { conversationId, seq, after, limit });
  }

  acquaintances(userId: UserId, candidates: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    return this.#readers.query('findAcquaintances', { userId, candidates });
  }

  turnedTo(userId: UserId, candidates: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    return this.#readers.query('findThoseWhoTurnedTo', { userId, candidates });
  }
}
