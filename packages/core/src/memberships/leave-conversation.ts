import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { endMembership } from './end-membership.ts';
import { refuseDirect } from './refuse-direct.ts';

/** Leaves a group or channel (MEMB-2: not as the last owner while others remain). */
export async function leaveConversation(
  core: Pick<Core, 'membershipStore' | 'broker' | 'clock'>,
  actor: Actor,
  { params }: Pick<RequestOf<'leaveConversation'>, 'params'>,
): Promise<Outcome<undefined>> {
  const conversationId = params.conversation_id;
  const refusal = await refuseDirect(core, actor, conversationId);
  if (refusal !== undefined) return refusal;
  return endMembership(core, actor, conversationId, { userId: actor.userId, reason: 'left' });
}
