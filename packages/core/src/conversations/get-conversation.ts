import type { Conversation } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { viewConversation } from './view-conversation.ts';

export function getConversation(
  core: Pick<Core, 'conversationStore' | 'accountStore'>,
  actor: Actor,
  { params }: Pick<RequestOf<'getConversation'>, 'params'>,
): Promise<Outcome<Conversation>> {
  return viewConversation(core, actor, params.conversation_id);
}
