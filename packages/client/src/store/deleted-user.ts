import type { LogEntry, User, UserId } from '@parley/protocol';

/** Whose account an entry tells to be gone (ACCT-1). */
export function deletedBy(entry: LogEntry): UserId | undefined {
  if (entry.type === 'author_erased') return entry.sender_id;
  return entry.type === 'member_removed' && entry.reason === 'account_deleted' ? entry.user_id : undefined;
}

/** What a server answers of such a user. */
export const deletedUser = (userId: UserId): User => ({
  user_id: userId,
  username: null,
  name: 'Deleted user',
  status: null,
  avatar_url: null,
  deleted: true,
});
