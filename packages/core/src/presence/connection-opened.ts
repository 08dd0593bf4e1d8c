import { findAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { presenceOf } from './presence-of.ts';

/** PRES-1, PRES-2: notes a connection; coming online is told at once, unless nobody was told yet that the user had gone. */
export async function connectionOpened(
  core: Pick<Core, 'accountStore' | 'presenceStore' | 'broker' | 'clock' | 'settings'>,
  actor: Actor,
  connectionId: string,
): Promise<void> {
  const now = core.clock.now();
  if (!(await core.presenceStore.connect(actor.userId, connectionId, now))) return;
  const account = await findAccount(core, actor.userId);
  if (account === undefined || account.privacy.last_seen === 'nobody') return;
  const offlineForMs = now - (account.lastSeenAt ?? 0);
  if (offlineForMs < core.settings.presenceSettleMs) return;
  const presence = presenceOf(actor.userId, true, null);
  core.broker.publish(`presence:${actor.userId}`, { type: 'presence', presence });
}
