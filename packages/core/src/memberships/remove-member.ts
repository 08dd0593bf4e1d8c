import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';
import { endMembership } from './end-membership.ts';
import { refuseDirect } from './refuse-direct.ts';

/** MEMB-1: owner and admins remove; only owners remove owners. Removing oneself is leaving. */
export async function removeMember(
  core: Pick<Core, 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'>,
  actor: Actor,
  { params }: Pick<RequestOf<'removeMember'>, 'params'>,
): Promise<Outcome<undefined>> {
  const { conversation_id: conversationId, user_id: userId } = params;
  const refusal = (await refuseDirect(core, actor, conversationId)) ?? (await takeWrite(core, actor));
  if (refusal !== undefined) return refusal;
  const reason = userId === actor.userId ? 'left' : 'removed';
  return endMembership(core, actor, conversationId, { userId, reason });
}
