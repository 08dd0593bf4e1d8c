import type { Conversation, ConversationId } from '@parley/protocol';
import { findAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { conversationOfView } from './conversation-of-view.ts';
import { noConversation } from './no-conversation.ts';

/** The conversation as the actor sees it now. */
export async function viewConversation(
  core: Pick<Core, 'conversationStore' | 'accountStore'>,
  actor: Actor,
  conversationId: ConversationId,
): Promise<Outcome<Conversation>> {
  // Before the view: what is shown is as young as can be when it is answered.
  const account = await findAccount(core, actor.userId);
  const view = await core.conversationStore.view(conversationId, actor.userId);
  return view === undefined ? noConversation : done(conversationOfView(view, account));
}
