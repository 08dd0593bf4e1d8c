import type { ConversationId, UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import { publishEntries } from '../conversations/publish-entries.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { lastOwner, noSuchMember } from './member-refusals.ts';

/** Ends a membership: the actor's own (`left`, `account_deleted`) or somebody else's, which owner and admins may (MEMB-1, MEMB-3). */
export async function endMembership(
  core: Pick<Core, 'membershipStore' | 'broker' | 'clock'>,
  actor: Actor,
  conversationId: ConversationId,
  { userId, reason }: { readonly userId: UserId; readonly reason: 'left' | 'removed' | 'account_deleted' },
): Promise<Outcome<undefined>> {
  const outcome = await core.membershipStore.remove({
    conversationId,
    actor: actor.userId,
    roles: reason === 'removed' ? ['owner', 'admin'] : 'self',
    userId,
    reason,
    at: core.clock.now(),
  });
  switch (outcome.kind) {
    case 'changed':
      publishEntries(core, [outcome.entry]);
      return done(undefined);
    case 'not_a_member':
      return noConversation;
    case 'role_too_low':
      return refused('FORBIDDEN', 'Owners remove anybody, admins all but owners. Nobody was removed.');
    case 'target_missing':
      return noSuchMember;
    case 'last_owner':
      return lastOwner;
  }
}
