import type { Account, AccountStore } from '@parley/core';
import type { User } from '@parley/protocol';
import { idNumber, type UserId } from '@parley/protocol/ids';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountOfRow,
  USER_COLUMNS,
  type UserRow,
  userOfRow,
} from '../../rows/account-row.ts';
import { endOfPrefix } from '../../rows/columns.ts';
import type { SqlConnection } from '../../sql-connection.ts';

/** Below and above every user id. */
const BEFORE_ALL = -1n;
const AFTER_ALL = (1n << 63n) - 1n;

export function findAccounts(connection: SqlConnection, userIds: readonly UserId[]): ReadonlyMap<UserId, Account> {
  const rows = connection.all<AccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM json_each(?) j JOIN account a ON a.user_id = j.value`,
    // JSON.stringify knows no bigint, SQLite reads integers of 64 bits.
    `[${userIds.map(idNumber).join(',')}]`,
  );
  return new Map(rows.map(accountOfRow).map((account) => [account.userId, account]));
}

export function findAccountByIdentifier(connection: SqlConnection, identifier: string): Account | undefined {
  const row = connection.one<AccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM account a WHERE (a.username_key = ?1 OR a.email_key = ?1 OR a.phone_key = ?1) AND a.deleted_at IS NULL`,
    identifier.toLowerCase(),
  );
  return row && accountOfRow(row);
}

export interface SearchAccounts {
  readonly query: string;
  readonly after: UserId | null;
  readonly limit: number;
}

/** Deleted accounts have no words. */
export function searchAccounts(connection: SqlConnection, { query, after, limit }: SearchAccounts): readonly User[] {
  const prefix = query.toLowerCase();
  const rows = connection.all<UserRow>(
    `SELECT ${USER_COLUMNS} FROM account a WHERE a.user_id IN
       (SELECT user_id FROM account_word WHERE word >= ?1 AND word < ?2 AND user_id > ?3 ORDER BY user_id) ORDER BY a.user_id LIMIT ?4`,
    prefix,
    endOfPrefix(prefix),
    after === null ? BEFORE_ALL : idNumber(after),
    limit,
  );
  return rows.map(userOfRow);
}

export interface ListAccounts {
  readonly query: string | undefined;
  readonly before: UserId | null;
  readonly limit: number;
}

type ListedRow = AccountRow & { readonly device_count: bigint };

export function listAccounts(
  connection: SqlConnection,
  { query, before, limit }: ListAccounts,
): Awaited<ReturnType<AccountStore['list']>> {
  const prefix = query?.toLowerCase() ?? null;
  const rows = connection.all<ListedRow>(
    `SELECT ${ACCOUNT_COLUMNS}, (SELECT count(*) FROM device d WHERE d.user_id = a.user_id) AS device_count FROM account a
     WHERE a.user_id < ?1 AND (?2 IS NULL OR a.user_id IN (SELECT user_id FROM account_word WHERE word >= ?2 AND word < ?3))
     ORDER BY a.user_id DESC LIMIT ?4`,
    before === null ? AFTER_ALL : idNumber(before),
    prefix,
    prefix === null ? null : endOfPrefix(prefix),
    limit,
  );
  return rows.map((row) => ({ ...accountOfRow(row), deviceCount: Number(row.device_count) }));
}

export function countAll(connection: SqlConnection): Awaited<ReturnType<AccountStore['counts']>> {
  const row = connection.one<Record<'users' | 'devices' | 'conversations' | 'messages', bigint>>(
    `SELECT (SELECT count(*) FROM account WHERE deleted_at IS NULL) AS users, (SELECT count(*) FROM device) AS devices,
       (SELECT count(*) FROM head) AS conversations, (SELECT coalesce(sum(count), 0) FROM head) AS messages`,
  );
  return {
    users: Number(row?.users ?? 0n),
    devices: Number(row?.devices ?? 0n),
    conversations: Number(row?.conversations ?? 0n),
    messages: Number(row?.messages ?? 0n),
  };
}
