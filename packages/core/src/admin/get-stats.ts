import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { AnswerOf } from '../route-call.ts';
import { requireAdmin } from './require-admin.ts';

/** Counts for the administrator. */
export async function getStats(
  core: Pick<Core, 'accountStore' | 'presenceStore' | 'placeStore' | 'clock' | 'startedAt'>,
  actor: Actor,
): Promise<Outcome<AnswerOf<'getStats'>>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  const now = core.clock.now();
  const [stored, connected, stored_bytes] = await Promise.all([
    core.accountStore.counts(),
    core.presenceStore.counts(now),
    core.placeStore.storedBytes(),
  ]);
  const { connections, users: online_users } = connected;
  return done({ ...stored, connections, online_users, uptime_ms: Math.max(0, now - core.startedAt), stored_bytes });
}
