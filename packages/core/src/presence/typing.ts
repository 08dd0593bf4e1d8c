import { type ConversationId, conversationKindOf } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';

/** TYPE-1: passes typing on, at most one start and one stop in 3 s per user and conversation; not in channels nor in large groups. */
export async function typing(
  core: Pick<Core, 'conversationStore' | 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'settings'>,
  actor: Actor,
  conversationId: ConversationId,
  state: 'start' | 'stop',
): Promise<Outcome<undefined>> {
  const { settings } = core;
  // Before any read: whoever types a lot must not cost reads.
  const key = `typing:${state}:${actor.userId}:${conversationId}`;
  const limit = { count: 1, windowMs: settings.typingIntervalMs };
  const verdict = await core.rateLimiter.take(key, limit, core.clock.now());
  if (!verdict.allowed || conversationKindOf(conversationId) === 'channel') return done(undefined);
  const [membership, record] = await Promise.all([
    core.membershipStore.find(conversationId, actor.userId),
    core.conversationStore.find(conversationId),
  ]);
  if (membership === undefined || record === undefined) return noConversation;
  if (record.memberCount <= settings.typingMembersMax)
    core.broker.publish(`conversation:${conversationId}`, {
      type: 'typing',
      conversationId,
      userId: actor.userId,
      state,
    });
  return done(undefined);
}
