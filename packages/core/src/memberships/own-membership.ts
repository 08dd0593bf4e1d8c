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

/**
 * What was read under a membership, unless that ended meanwhile: whoever was removed while the log was read, or removed and added again, must not get what was
 * said in between (SEND-6). Each membership of a group begins at another place.
 */
export async function unlessEnded<T>(
  core: Pick<Core, 'membershipStore'>,
  { conversationId, userId, visibleFromSeq }: Membership,
  read: T,
): Promise<Outcome<T>> {
  const now = await core.membershipStore.find(conversationId, userId);
  return now?.visibleFromSeq === visibleFromSeq ? done(read) : noConversation;
}
