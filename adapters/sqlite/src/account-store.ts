import type { Account, AccountStore } from '@parley/core';
import type { User, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteAccountStore implements AccountStore {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  create(...[account, admission]: Parameters<AccountStore['create']>): ReturnType<AccountStore['create']> {
    return this.#writer.call('createAccount', { account, admission });
  }

  findMany(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Account>> {
    return this.#readers.query('findAccounts', userIds);
  }

  findByIdentifier(identifier: string): Promise<Account | undefined> {
    return this.#readers.query('findAccountByIdentifier', identifier);
  }

  update(userId: UserId, change: Parameters<AccountStore['update']>[1]): ReturnType<AccountStore['update']> {
    return this.#writer.call('updateAccount', { userId, change });
  }

  setAdmin(userId: UserId, isAdmin: boolean): ReturnType<AccountStore['setAdmin']> {
    return this.#writer.call('setAdmin', { userId, isAdmin });
  }

  async touchLastSeen(seen: Parameters<AccountStore['touchLastSeen']>[0]): Promise<void> {
    if (seen.length > 0) await this.#writer.call('touchLastSeen', seen);
  }

  search(query: string, after: UserId | null, limit: number): Promise<readonly User[]> {
    return this.#readers.query('searchAccounts', { query, after, limit });
  }

  list(query: string | undefined, before: UserId | null, limit: number): ReturnType<AccountStore['list']> {
    return this.#readers.query('listAccounts', { query, before, limit });
  }

  erase(userId: UserId, at: number): ReturnType<AccountStore['erase']> {
    return this.#writer.call('eraseAccount', { userId, at });
  }

  eraseNext(at: number, rowsMax: number): ReturnType<AccountStore['eraseNext']> {
    return this.#writer.call('eraseNext', { at, rowsMax });
  }

  counts(): ReturnType<AccountStore['counts']> {
    return this.#readers.query('countAll', undefined);
  }
}
