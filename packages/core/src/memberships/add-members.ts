import { type Conversation, conversationKindOf } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import { publishEntries } from '../conversations/publish-entries.ts';
import { viewConversation } from '../conversations/view-conversation.ts';
import type { Core } from '../core.ts';
import { type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';
import { refuseDirect } from './refuse-direct.ts';

/** MEMB-1, MEMB-3: owner and admins add people; those who are members already stay as they are. */
export async function addMembers(
  core: Pick<
    Core,
    'accountStore' | 'conversationStore' | 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'
  >,
  actor: Actor,
  { params, body }: Pick<RequestOf<'addMembers'>, 'params' | 'body'>,
): Promise<Outcome<Conversation>> {
  const conversationId = params.conversation_id;
  const refusal = (await refuseDirect(core, actor, conversationId)) ?? (await takeWrite(core, actor));
  if (refusal !== undefined) return refusal;
  const { groupMembersMax, channelMembersMax } = core.settings;
  const membersMax = conversationKindOf(conversationId) === 'group' ? groupMembersMax : channelMembersMax;
  const outcome = await core.membershipStore.add({
    conversationId,
    actor: actor.userId,
    roles: ['owner', 'admin'],
    userIds: [...new Set(body.user_ids)],
    membersMax,
    at: core.clock.now(),
  });
  switch (outcome.kind) {
    case 'changed':
      publishEntries(core, [outcome.entry]);
      return viewConversation(core, actor, conversationId);
    case 'unchanged':
      return viewConversation(core, actor, conversationId);
    case 'not_a_member':
      return noConversation;
    case 'role_too_low':
      return refused('FORBIDDEN', 'Only an owner or admin adds people. Nobody was added.');
    case 'too_many_members':
      return refused('TOO_MANY_MEMBERS', `At most ${membersMax} people fit in. Nobody was added.`);
    case 'unknown_user':
      return refused('NOT_FOUND', `There is no person ${outcome.userId}. Nobody was added.`);
  }
}
