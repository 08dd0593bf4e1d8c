import type { ConversationId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { Membership } from '../ports/membership-store.ts';

/** The actor's membership; to others the conversation does not exist (SEND-6). */
export async function ownMembership(
  core: Pick<Core, 'membershipStore'>,
  actor: Actor,
  conversationId: ConversationId,
): Promise<Outcome<Membership>> {
  const membership = await core.membershipStore.find(conversationId, actor.userId);
  return membership === undefined ? noConversation : done(membership);
}
