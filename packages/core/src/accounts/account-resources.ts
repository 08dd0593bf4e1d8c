import type { Me, User } from '@parley/protocol';
import type { Account } from '../ports/account-store.ts';

/** What others see of an account. */
export const userOf = (account: Account): User => ({
  user_id: account.userId,
  username: account.username,
  name: account.name,
  status: account.status,
  avatar_url: account.avatarUrl,
  deleted: account.deletedAt !== null,
});

/** What its owner sees. */
export const meOf = (account: Account): Me => ({
  ...userOf(account),
  email: account.email,
  phone: account.phone,
  privacy: account.privacy,
  is_admin: account.isAdmin,
  created_at: account.createdAt,
});
