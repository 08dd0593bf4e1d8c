import type { Account, AccountStore } from '@parley/core';
import { idNumber, makeDeviceId, type UserId } from '@parley/protocol/ids';
import { ACCOUNT_COLUMNS, type AccountRow, accountOfRow, searchWordsOf } from '../../rows/account-row.ts';
import { flagOf, ROLES } from '../../rows/columns.ts';
import { STILL_MEMBER } from '../../rows/erasure-row.ts';
import { FACT_TYPES } from '../../rows/user-log-row.ts';
import { removeDevice } from '../remove-device.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

const lower = (identifier: string | null): string | null => identifier?.toLowerCase() ?? null;

export function createAccount(
  write: Write,
  {
    account,
    admission,
  }: { account: Parameters<AccountStore['create']>[0]; admission: Parameters<AccountStore['create']>[1] },
): Awaited<ReturnType<AccountStore['create']>> {
  const isFirst = write.connection.one('SELECT 1 FROM account LIMIT 1') === undefined;
  if (admission === 'only_as_first' && !isFirst) return { kind: 'not_first' };
  for (const field of ['username', 'email', 'phone'] as const) {
    if (isTaken(write, field, account[field], account.userId)) return { kind: 'identifier_taken', field };
  }
  write.connection.run(
    `INSERT INTO account (user_id, username, username_key, email, email_key, phone, phone_key, name, status, avatar_url, privacy, is_admin,
       password_hash, created_at, last_seen_at, deleted_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)`,
    idNumber(account.userId),
    account.username,
    lower(account.username),
    account.email,
    lower(account.email),
    account.phone,
    lower(account.phone),
    account.name,
    account.status,
    account.avatarUrl,
    JSON.stringify(account.privacy),
    flagOf(isFirst),
    account.passwordHash,
    account.createdAt,
  );
  insertWords(write, account);
  return { kind: 'created', account: { ...account, isAdmin: isFirst, lastSeenAt: null, deletedAt: null } };
}

export interface UpdateAccount {
  readonly userId: UserId;
  readonly change: Parameters<AccountStore['update']>[1];
}

export function updateAccount(
  write: Write,
  { userId, change }: UpdateAccount,
): Awaited<ReturnType<AccountStore['update']>> {
  const row = write.connection.one<AccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM account a WHERE a.user_id = ? AND a.deleted_at IS NULL`,
    idNumber(userId),
  );
  if (row === undefined) return { kind: 'unknown_user' };
  const before = accountOfRow(row);
  const account: Account = { ...before, ...change, privacy: { ...before.privacy, ...change.privacy } };
  if (isTaken(write, 'username', account.username, userId)) return { kind: 'identifier_taken', field: 'username' };
  write.connection.run(
    `UPDATE account SET username = ?, username_key = ?, name = ?, status = ?, avatar_url = ?, privacy = ?, password_hash = ?
     WHERE user_id = ?`,
    account.username,
    lower(account.username),
    account.name,
    account.status,
    account.avatarUrl,
    JSON.stringify(account.privacy),
    account.passwordHash,
    idNumber(userId),
  );
  deleteWords(write, userId);
  insertWords(write, account);
  appendUserFact(write, userId, { type: 'profile_changed' }, null);
  return { kind: 'updated', account };
}

export interface SetAdmin {
  readonly userId: UserId;
  readonly isAdmin: boolean;
}

export function setAdmin(write: Write, { userId, isAdmin }: SetAdmin): Awaited<ReturnType<AccountStore['setAdmin']>> {
  const row = write.connection.one<AccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM account a WHERE a.user_id = ? AND a.deleted_at IS NULL`,
    idNumber(userId),
  );
  if (row === undefined) return { kind: 'unknown_user' };
  const account = accountOfRow(row);
  if (!isAdmin && account.isAdmin && isLastAdmin(write, userId)) return { kind: 'last_admin' };
  write.connection.run('UPDATE account SET is_admin = ? WHERE user_id = ?', flagOf(isAdmin), idNumber(userId));
  appendUserFact(write, userId, { type: 'profile_changed' }, null);
  return { kind: 'set', account: { ...account, isAdmin } };
}

export function touchLastSeen(write: Write, seen: Parameters<AccountStore['touchLastSeen']>[0]): void {
  for (const { userId, at } of seen) {
    write.connection.run(
      'UPDATE account SET last_seen_at = max(coalesce(last_seen_at, 0), ?) WHERE user_id = ? AND deleted_at IS NULL',
      at,
      idNumber(userId),
    );
  }
}

export interface EraseAccount {
  readonly userId: UserId;
  readonly at: number;
}

export function eraseAccount(write: Write, { userId, at }: EraseAccount): Awaited<ReturnType<AccountStore['erase']>> {
  const user = idNumber(userId);
  const sql = 'SELECT is_admin FROM account WHERE user_id = ? AND deleted_at IS NULL';
  const row = write.connection.one<{ is_admin: bigint }>(sql, user);
  if (row === undefined) return { kind: 'erased' };
  if (row.is_admin === 1n && isLastAdmin(write, userId)) return { kind: 'last_admin' };
  if (isLastOwnerAnywhere(write, user)) return { kind: 'last_owner' };
  const erasedPrivacy: Account['privacy'] = { last_seen: 'nobody', read_receipts: false };
  write.connection.run(
    `UPDATE account SET username = NULL, username_key = NULL, email = NULL, email_key = NULL, phone = NULL, phone_key = NULL, name = 'Deleted user',
       status = NULL, avatar_url = NULL, privacy = ?, is_admin = 0, password_hash = '', last_seen_at = NULL, deleted_at = ?
     WHERE user_id = ?`,
    JSON.stringify(erasedPrivacy),
    at,
    user,
  );
  deleteWords(write, userId);
  const devices = write.connection.all<{ device_id: bigint }>('SELECT device_id FROM device WHERE user_id = ?', user);
  for (const { device_id } of devices) removeDevice(write, makeDeviceId(device_id));
  write.connection.run(
    `INSERT INTO erasure (user_id, conversation, next_seq, has_erased) SELECT user_id, conversation, ${STILL_MEMBER}, 0 FROM membership WHERE user_id = ?`,
    user,
  );
  write.connection.run(
    `INSERT OR IGNORE INTO erasure (user_id, conversation, next_seq, has_erased)
     SELECT DISTINCT user_id, conversation, 1, 0 FROM user_log WHERE user_id = ? AND type = ?`,
    user,
    FACT_TYPES.codeOf('conversation_joined'),
  );
  // Until the membership ends: no other owner may leave because this one seems to remain. What is known of authors holds roles.
  write.connection.run(`UPDATE membership SET role = ${ROLES.codeOf('member')} WHERE user_id = ?`, user);
  write.known.forgetAll();
  write.connection.run('DELETE FROM user_log WHERE user_id = ?', user);
  write.connection.run('DELETE FROM creation WHERE creator_id = ?', user);
  return { kind: 'erased' };
}

function isLastAdmin(write: Write, userId: UserId): boolean {
  const sql = 'SELECT 1 FROM account WHERE is_admin = 1 AND user_id <> ? LIMIT 1';
  return write.connection.one(sql, idNumber(userId)) === undefined;
}

function isLastOwnerAnywhere(write: Write, user: bigint): boolean {
  const row = write.connection.one(
    `SELECT 1 FROM membership m JOIN conversation c ON c.conversation = m.conversation AND c.member_count > 1
     WHERE m.user_id = ? AND m.role = 3
       AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.conversation = m.conversation AND o.role = 3 AND o.user_id <> m.user_id) LIMIT 1`,
    user,
  );
  return row !== undefined;
}

function isTaken(write: Write, field: 'username' | 'email' | 'phone', identifier: string | null, by: UserId): boolean {
  if (identifier === null) return false;
  const sql = `SELECT 1 FROM account WHERE ${field}_key = ? AND user_id <> ?`;
  return write.connection.one(sql, identifier.toLowerCase(), idNumber(by)) !== undefined;
}

function insertWords(write: Write, account: Pick<Account, 'userId' | 'username' | 'name'>): void {
  for (const word of searchWordsOf(account)) {
    write.connection.run('INSERT INTO account_word (word, user_id) VALUES (?, ?)', word, idNumber(account.userId));
  }
}

function deleteWords(write: Write, userId: UserId): void {
  write.connection.run('DELETE FROM account_word WHERE user_id = ?', idNumber(userId));
}
