import { type Conversation, conversationKindOf } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { invalidField, type Outcome, refused } from '../outcome.ts';
import { presentFields } from '../present-fields.ts';
import type { RequestOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';
import { noConversation } from './no-conversation.ts';
import { publishEntries } from './publish-entries.ts';
import { viewConversation } from './view-conversation.ts';

/** CONV-2: owner and admins change name, description, picture, and of a channel its visibility. An empty text clears. */
export async function updateConversation(
  core: Pick<Core, 'accountStore' | 'conversationStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'>,
  actor: Actor,
  { params, body }: Pick<RequestOf<'updateConversation'>, 'params' | 'body'>,
): Promise<Outcome<Conversation>> {
  const conversationId = params.conversation_id;
  const present = await viewConversation(core, actor, conversationId);
  if (present.kind === 'refused') return present;
  const kind = conversationKindOf(conversationId);
  if (kind === 'direct')
    return refused('FORBIDDEN', 'A direct conversation has no name, description or picture. Nothing was changed.');
  if (kind === 'group' && body.visibility !== undefined && body.visibility !== 'private')
    return invalidField('visibility', 'can be chosen for channels only');
  if (!isPictureAddress(body.avatar_url))
    return invalidField('avatar_url', 'must be an https address or a path of this server');
  const change = presentFields({
    name: body.name,
    description: body.description === '' ? null : body.description,
    avatarUrl: body.avatar_url === '' ? null : body.avatar_url,
    visibility: body.visibility,
  });
  if (Object.keys(change).length === 0) return present;
  const tooMany = await takeWrite(core, actor);
  if (tooMany !== undefined) return tooMany;
  const outcome = await core.conversationStore.update({
    conversationId,
    actor: actor.userId,
    roles: ['owner', 'admin'],
    at: core.clock.now(),
    change,
  });
  switch (outcome.kind) {
    case 'changed':
      publishEntries(core, [outcome.entry]);
      return viewConversation(core, actor, conversationId);
    case 'not_a_member':
      return noConversation;
    case 'role_too_low':
      return refused('FORBIDDEN', 'Only an owner or admin changes name, description and picture. Nothing was changed.');
  }
}

/** Everybody's client will load it: no other schemes, no address without its scheme. */
const isPictureAddress = (address: string | null | undefined): boolean =>
  !address || /^(https:\/\/|\/(?!\/))/.test(address);
