import type { Member } from '@parley/protocol';
import { userOf } from '../accounts/account-resources.ts';
import { findAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import { publishEntries } from '../conversations/publish-entries.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';
import { lastOwner, noSuchMember } from './member-refusals.ts';
import { ownMembership } from './own-membership.ts';
import { refuseDirect } from './refuse-direct.ts';

/** MEMB-2: owners change any role; admins make and unmake admins. */
export async function changeRole(
  core: Pick<Core, 'accountStore' | 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'>,
  actor: Actor,
  { params, body }: Pick<RequestOf<'changeRole'>, 'params' | 'body'>,
): Promise<Outcome<Member>> {
  const { conversation_id: conversationId, user_id: userId } = params;
  const refusal = (await refuseDirect(core, actor, conversationId)) ?? (await takeWrite(core, actor));
  if (refusal !== undefined) return refusal;
  const own = await ownMembership(core, actor, conversationId);
  if (own.kind === 'refused') return own;
  const target = await core.membershipStore.find(conversationId, userId);
  if (target === undefined) return noSuchMember;
  const concernsOwner = body.role === 'owner' || target.role === 'owner';
  const outcome = await core.membershipStore.changeRole({
    conversationId,
    actor: actor.userId,
    roles: concernsOwner ? ['owner'] : ['owner', 'admin'],
    userId,
    role: body.role,
    at: core.clock.now(),
  });
  switch (outcome.kind) {
    case 'changed': {
      publishEntries(core, [outcome.entry]);
      const account = await findAccount(core, userId);
      if (account === undefined) return noSuchMember;
      return done({ user: userOf(account), role: body.role, joined_at: target.joinedAt });
    }
    case 'not_a_member':
      return noConversation;
    case 'role_too_low':
      return refused(
        'FORBIDDEN',
        'Only owners make and unmake owners, only owners and admins other roles. Nothing was changed.',
      );
    case 'target_missing':
      return noSuchMember;
    case 'last_owner':
      return lastOwner;
  }
}
