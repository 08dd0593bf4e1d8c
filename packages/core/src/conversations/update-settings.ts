import type { MySettings } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { presentFields } from '../present-fields.ts';
import type { RequestOf } from '../route-call.ts';
import { noConversation } from './no-conversation.ts';

/** CONV-4: archive, pin, mute, notifications: the member's own, on all devices. */
export async function updateSettings(
  core: Pick<Core, 'membershipStore'>,
  actor: Actor,
  { params, body }: Pick<RequestOf<'updateSettings'>, 'params' | 'body'>,
): Promise<Outcome<MySettings>> {
  const change = presentFields(body);
  const settings = await core.membershipStore.changeSettings(params.conversation_id, actor.userId, change);
  return settings === undefined ? noConversation : done(settings);
}
