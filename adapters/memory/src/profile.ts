import type { Account } from '@parley/core';
import type { User } from '@parley/protocol';

/** What everybody may see of an account. */
export function profileOf(account: Account): User {
  return {
    user_id: account.userId,
    username: account.username,
    name: account.name,
    status: account.status,
    avatar_url: account.avatarUrl,
    deleted: account.deletedAt !== null,
  };
}
