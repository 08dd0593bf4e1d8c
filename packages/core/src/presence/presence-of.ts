import type { Presence, UserId } from '@parley/protocol';

/** PRES-3: what those see who may not see more. */
export const hiddenPresence = (userId: UserId): Presence => ({
  user_id: userId,
  status: 'offline',
  last_seen_at: null,
});

/** Online people have no last seen: it is now. */
export const presenceOf = (userId: UserId, isOnline: boolean, lastSeenAt: number | null): Presence => ({
  user_id: userId,
  status: isOnline ? 'online' : 'offline',
  last_seen_at: isOnline ? null : lastSeenAt,
});
