import type { Conversation } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import { publishEntries } from '../conversations/publish-entries.ts';
import { viewConversation } from '../conversations/view-conversation.ts';
import type { Core } from '../core.ts';
import { type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';

/** Joins a public channel; a member gets the channel as it is. */
export async function joinChannel(
  core: Pick<
    Core,
    'accountStore' | 'conversationStore' | 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'
  >,
  actor: Actor,
  { params }: Pick<RequestOf<'joinChannel'>, 'params'>,
): Promise<Outcome<Conversation>> {
  const conversationId = params.conversation_id;
  const present = await viewConversation(core, actor, conversationId);
  if (present.kind === 'done') return present;
  const record = await core.conversationStore.find(conversationId);
  if (record?.kind !== 'channel' || record.visibility !== 'public') return noConversation;
  const tooMany = await takeWrite(core, actor);
  if (tooMany !== undefined) return tooMany;
  const membersMax = core.settings.channelMembersMax;
  const outcome = await core.membershipStore.add({
    conversationId,
    actor: actor.userId,
    roles: 'self',
    userIds: [actor.userId],
    membersMax,
    at: core.clock.now(),
  });
  switch (outcome.kind) {
    case 'changed':
      publishEntries(core, [outcome.entry]);
      return viewConversation(core, actor, conversationId);
    case 'unchanged':
      return viewConversation(core, actor, conversationId);
    case 'too_many_members':
      return refused('TOO_MANY_MEMBERS', `The channel has ${membersMax} members and takes no more. You did not join.`);
    case 'not_a_member':
    case 'role_too_low':
    case 'unknown_user':
      return noConversation;
  }
}
