import type { UserId } from '@parley/protocol';
import { findAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { presenceOf } from './presence-of.ts';

type Used = Pick<Core, 'accountStore' | 'presenceStore' | 'broker' | 'clock' | 'log' | 'settings'>;

/**
 * PRES-1, PRES-2: forgets a connection. After the user's last one, last seen is stored at once and going offline is told after the settle time,
 * when the user is still away: watchers do not see a change of network.
 */
export async function connectionClosed(core: Used, actor: Actor, connectionId: string): Promise<void> {
  const now = core.clock.now();
  if (!(await core.presenceStore.disconnect(actor.userId, connectionId, now))) return;
  await core.accountStore.touchLastSeen([{ userId: actor.userId, at: now }]);
  core.clock.after(core.settings.presenceSettleMs, () => {
    void tellOffline(core, actor.userId, now).catch((error) => core.log.warn('presence.not_told', { error }));
  });
}

async function tellOffline(core: Used, userId: UserId, closedAt: number): Promise<void> {
  const online = await core.presenceStore.online([userId], core.clock.now());
  if (online.has(userId)) return;
  const account = await findAccount(core, userId);
  if (account === undefined || account.privacy.last_seen === 'nobody') return;
  // The user was back in the meantime and has gone again: that closing has its own timer.
  if (account.lastSeenAt !== null && account.lastSeenAt > closedAt) return;
  const presence = presenceOf(userId, false, account.lastSeenAt);
  core.broker.publish(`presence:${userId}`, { type: 'presence', presence });
}
