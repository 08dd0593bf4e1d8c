import type { ConversationId, Message } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { ownMembership } from '../memberships/own-membership.ts';
import { done, type Outcome } from '../outcome.ts';
import { noMessage } from './append-entry.ts';

/** A message that the actor may see now, in present state (HIST-4, HIST-5). A tombstone has content `null`. */
export async function visibleMessage(
  core: Pick<Core, 'membershipStore' | 'messageLog'>,
  actor: Actor,
  conversationId: ConversationId,
  seq: number,
): Promise<Outcome<Message>> {
  const membership = await ownMembership(core, actor, conversationId);
  if (membership.kind === 'refused') return membership;
  if (seq < membership.value.visibleFromSeq) return noMessage;
  const message = await core.messageLog.message(conversationId, seq, actor.userId);
  return message === undefined ? noMessage : done(message);
}
