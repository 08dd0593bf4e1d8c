import type { CommandOf, ServerFrame } from '@parley/protocol';
import type { Edge } from './edge.ts';
import { errorFrame } from './error-frames.ts';
import type { Session } from './session.ts';
import { isChannel } from './subscription.ts';

/** Channels that one connection has open at a time. */
const CHANNELS_MAX = 100;

/** SYNC-11: a channel is live while it is open, for its members only. */
export async function subscribeChannel(
  edge: Edge,
  session: Session,
  command: CommandOf<'subscribe'>,
): Promise<ServerFrame> {
  const about = { re: command.id };
  const { conversation_id: conversationId, after_seq: afterSeq } = command;
  if (!isChannel(conversationId))
    return errorFrame(
      about,
      'INVALID_REQUEST',
      'Only channels are subscribed; other conversations are live after sync.',
    );
  session.unsubscribe(conversationId);
  if (session.subscriptionCount('channel') >= CHANNELS_MAX)
    return errorFrame(
      about,
      'RATE_LIMITED',
      `At most ${CHANNELS_MAX} channels can be open; unsubscribe from one first.`,
    );
  const subscription = session.openSubscription(conversationId);
  if (subscription === undefined) return { type: 'done', re: command.id };
  try {
    await subscription.listen();
    const result = await subscription.resume(afterSeq, await subscription.head());
    if (result === 'resumed') return { type: 'done', re: command.id };
    session.unsubscribe(conversationId);
    return result === 'not_a_member'
      ? errorFrame(about, 'NOT_FOUND', 'There is no such channel, or you are not a member of it.')
      : { type: 'resync_required', re: command.id, reason: result, epoch: await edge.core.messageLog.epoch() };
  } catch (error) {
    session.unsubscribe(conversationId);
    throw error;
  }
}
