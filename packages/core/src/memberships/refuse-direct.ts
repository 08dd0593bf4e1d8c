import { type ConversationId, isDirectId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { type Refused, refused } from '../outcome.ts';
import { ownMembership } from './own-membership.ts';

/** The two of a direct conversation are its members for ever. Undefined: it is not a direct one. */
export async function refuseDirect(
  core: Pick<Core, 'membershipStore'>,
  actor: Actor,
  conversationId: ConversationId,
): Promise<Refused | undefined> {
  if (!isDirectId(conversationId)) return undefined;
  const membership = await ownMembership(core, actor, conversationId);
  if (membership.kind === 'refused') return membership;
  return refused('FORBIDDEN', 'The members of a direct conversation cannot be changed. Nothing was done.');
}
