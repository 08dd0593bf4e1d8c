import type { Account } from '@parley/core';
import type { Privacy, User } from '@parley/protocol';
import { makeUserId } from '@parley/protocol/ids';
import { numberOrNull } from './columns.ts';

export const ACCOUNT_COLUMNS =
  'a.user_id, a.username, a.email, a.phone, a.name, a.status, a.avatar_url, a.privacy, a.is_admin, a.password_hash, a.created_at, a.last_seen_at, a.deleted_at';

export interface AccountRow extends UserRow {
  readonly email: string | null;
  readonly phone: string | null;
  readonly privacy: string;
  readonly is_admin: bigint;
  readonly password_hash: string;
  readonly created_at: bigint;
  readonly last_seen_at: bigint | null;
}

export function accountOfRow(row: AccountRow): Account {
  return {
    userId: makeUserId(row.user_id),
    username: row.username,
    email: row.email,
    phone: row.phone,
    name: row.name,
    status: row.status,
    avatarUrl: row.avatar_url,
    // The cast holds: the column is written from a Privacy.
    privacy: JSON.parse(row.privacy) as Privacy,
    isAdmin: row.is_admin === 1n,
    passwordHash: row.password_hash,
    createdAt: Number(row.created_at),
    lastSeenAt: numberOrNull(row.last_seen_at),
    deletedAt: numberOrNull(row.deleted_at),
  };
}

/** What others see of an account. */
export const USER_COLUMNS = 'a.user_id, a.username, a.name, a.status, a.avatar_url, a.deleted_at';

export interface UserRow {
  readonly user_id: bigint;
  readonly username: string | null;
  readonly name: string;
  readonly status: string | null;
  readonly avatar_url: string | null;
  readonly deleted_at: bigint | null;
}

export function userOfRow(row: UserRow): User {
  return {
    user_id: makeUserId(row.user_id),
    username: row.username,
    name: row.name,
    status: row.status,
    avatar_url: row.avatar_url,
    deleted: row.deleted_at !== null,
  };
}

/** The words by which people find an account (`AccountStore.search`): the username, the name, and the rest of the name from each later word on. */
export function searchWordsOf(account: Pick<Account, 'username' | 'name'>): ReadonlySet<string> {
  const name = account.name.toLowerCase();
  const words = new Set([name]);
  if (account.username !== null) words.add(account.username.toLowerCase());
  for (const { index } of name.matchAll(/(?<=\s)\S/g)) words.add(name.slice(index));
  return words;
}
