import type { Account, AccountStore } from '@parley/core';
import type { User, UserId } from '@parley/protocol';
import { eraseNext, noteErasures } from './erase-next.ts';
import { isLastOwner } from './member-rows.ts';
import { profileOf } from './profile.ts';
import type { State } from './state.ts';

const IDENTIFIERS = ['username', 'email', 'phone'] as const;

type CreateOutcome = Awaited<ReturnType<AccountStore['create']>>;
type UpdateOutcome = Awaited<ReturnType<AccountStore['update']>>;

export class MemoryAccountStore implements AccountStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async create(...[request, admission]: Parameters<AccountStore['create']>): Promise<CreateOutcome> {
    const isFirst = this.#state.accounts.size === 0;
    if (admission === 'only_as_first' && !isFirst) return { kind: 'not_first' };
    for (const field of IDENTIFIERS) {
      const wanted = request[field];
      if (wanted !== null && this.#ownerOf(wanted, [field]) !== undefined) return { kind: 'identifier_taken', field };
    }
    const account: Account = { ...request, isAdmin: isFirst, lastSeenAt: null, deletedAt: null };
    this.#state.accounts.set(account.userId, account);
    return { kind: 'created', account };
  }

  #isLastAdmin({ userId, isAdmin }: Account): boolean {
    return isAdmin && ![...this.#state.accounts.values()].some((other) => other.isAdmin && other.userId !== userId);
  }

  #ownerOf(identifier: string, fields: readonly (typeof IDENTIFIERS)[number][]): Account | undefined {
    const wanted = identifier.toLowerCase();
    return [...this.#state.accounts.values()].find((account) =>
      fields.some((field) => account[field]?.toLowerCase() === wanted),
    );
  }

  async findMany(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Account>> {
    const found = new Map<UserId, Account>();
    for (const userId of userIds) {
      const account = this.#state.accounts.get(userId);
      if (account !== undefined) found.set(userId, account);
    }
    return found;
  }

  async findByIdentifier(identifier: string): Promise<Account | undefined> {
    return this.#ownerOf(identifier, IDENTIFIERS);
  }

  async update(userId: UserId, change: Parameters<AccountStore['update']>[1]): Promise<UpdateOutcome> {
    const account = this.#state.livingAccount(userId);
    if (account === undefined) return { kind: 'unknown_user' };
    const owner = typeof change.username === 'string' ? this.#ownerOf(change.username, ['username']) : undefined;
    if (owner !== undefined && owner.userId !== userId) return { kind: 'identifier_taken', field: 'username' };
    const updated = { ...account, ...change, privacy: { ...account.privacy, ...change.privacy } };
    this.#state.accounts.set(userId, updated);
    this.#state.userFacts.append(userId, { type: 'profile_changed' });
    return { kind: 'updated', account: updated };
  }

  async setAdmin(userId: UserId, isAdmin: boolean): ReturnType<AccountStore['setAdmin']> {
    const account = this.#state.livingAccount(userId);
    if (account === undefined) return { kind: 'unknown_user' };
    if (!isAdmin && this.#isLastAdmin(account)) return { kind: 'last_admin' };
    const changed = { ...account, isAdmin };
    this.#state.accounts.set(userId, changed);
    this.#state.userFacts.append(userId, { type: 'profile_changed' });
    return { kind: 'set', account: changed };
  }

  async touchLastSeen(seen: readonly { readonly userId: UserId; readonly at: number }[]): Promise<void> {
    for (const { userId, at } of seen) {
      const account = this.#state.livingAccount(userId);
      if (account === undefined) continue;
      this.#state.accounts.set(userId, { ...account, lastSeenAt: Math.max(account.lastSeenAt ?? 0, at) });
    }
  }

  async search(query: string, after: UserId | null, limit: number): Promise<readonly User[]> {
    return [...this.#state.accounts.values()]
      .filter((account) => matches(account, query) && (after === null || account.userId > after))
      .sort((one, other) => (one.userId < other.userId ? -1 : 1))
      .slice(0, limit)
      .map(profileOf);
  }

  async list(query: string | undefined, before: UserId | null, limit: number) {
    return [...this.#state.accounts.values()]
      .filter((account) => query === undefined || matches(account, query))
      .filter(({ userId }) => before === null || userId < before)
      .sort((one, other) => (one.userId > other.userId ? -1 : 1))
      .slice(0, limit)
      .map((account) => ({ ...account, deviceCount: this.#state.devicesOf(account.userId).length }));
  }

  async erase(userId: UserId, at: number): ReturnType<AccountStore['erase']> {
    const account = this.#state.livingAccount(userId);
    if (account === undefined) return { kind: 'erased' };
    if (this.#isLastAdmin(account)) return { kind: 'last_admin' };
    const conversations = [...(this.#state.memberships.get(userId) ?? [])].flatMap(
      (conversationId) => this.#state.conversations.get(conversationId) ?? [],
    );
    if (conversations.some((conversation) => isLastOwner(conversation, userId))) return { kind: 'last_owner' };
    for (const { record } of this.#state.devicesOf(userId)) this.#state.dropDevice(record.deviceId);
    this.#state.accounts.set(userId, {
      userId,
      username: null,
      email: null,
      phone: null,
      name: 'Deleted user',
      status: null,
      avatarUrl: null,
      privacy: { last_seen: 'nobody', read_receipts: false },
      isAdmin: false,
      passwordHash: '',
      createdAt: account.createdAt,
      lastSeenAt: null,
      deletedAt: at,
    });
    noteErasures(this.#state, userId);
    // Until the membership ends: no other owner may leave because this one seems to remain.
    for (const { members } of conversations) {
      const member = members.get(userId);
      if (member !== undefined) members.set(userId, { ...member, role: 'member' });
    }
    this.#state.userFacts.forget(userId);
    for (const key of this.#state.creationKeys.keys())
      if (key.startsWith(`${userId} `)) this.#state.creationKeys.delete(key);
    return { kind: 'erased' };
  }

  async eraseNext(at: number, rowsMax: number) {
    return eraseNext(this.#state, at, rowsMax);
  }

  async counts() {
    const { accounts, devices, conversations } = this.#state;
    let messages = 0;
    for (const { messageCount } of conversations.values()) messages += messageCount;
    const users = [...accounts.values()].filter(({ deletedAt }) => deletedAt === null).length;
    return { users, devices: devices.size, conversations: conversations.size, messages };
  }
}

/** The username, the name or a word of the name begins with the text. Deleted accounts match nothing. */
function matches({ username, name, deletedAt }: Account, query: string): boolean {
  if (deletedAt !== null) return false;
  const beginning = query.toLowerCase();
  const beginnings = [username ?? '', name, ...name.split(/\s+/)];
  return beginnings.some((text) => text.toLowerCase().startsWith(beginning));
}
