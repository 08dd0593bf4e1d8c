import { checkPosition, getMe, type Head, type ResyncReason, readUserEvents, type UserLogRange } from '@parley/core';
import type { CommandOf, ConversationId, ServerFrame } from '@parley/protocol';
import type { Edge } from './edge.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { errorFrame } from './error-frames.ts';
import { MailboxFeed } from './mailbox-feed.ts';
import type { Session } from './session.ts';
import { isChannel, type Subscription } from './subscription.ts';

/** Positions of one device over all its `sync` commands. */
const POSITIONS_MAX = 10_000;
const LISTEN_PARALLEL = 64;

/**
 * SYNC-4 … SYNC-9: brings the device up to date, then it is live. First the user log, then the mailbox, then each conversation; whatever happens meanwhile
 * follows the replay of its own log. A failure leaves nothing live.
 */
export async function synchronise(edge: Edge, session: Session, command: CommandOf<'sync'>): Promise<ServerFrame> {
  const positions = session.announced ?? new Map<ConversationId, number>();
  for (const { conversation_id: id, seq } of command.positions) positions.set(id, seq);
  session.announced = undefined;
  if (positions.size > POSITIONS_MAX)
    return errorFrame(
      { re: command.id },
      'INVALID_REQUEST',
      `A device holds at most ${POSITIONS_MAX} positions; begin again.`,
    );
  if (command.more === true) {
    session.announced = positions;
    return { type: 'done', re: command.id };
  }
  session.unsubscribeAll();
  try {
    const reason = await replayAll(edge, session, command, positions);
    if (reason === 'ok') return { type: 'resumed', re: command.id, complete: true, user_seq: session.userSeq ?? 0 };
    session.unsubscribeAll();
    return { type: 'resync_required', re: command.id, reason, epoch: await edge.core.messageLog.epoch() };
  } catch (error) {
    session.unsubscribeAll();
    throw error;
  } finally {
    session.joinedInReplay = undefined;
  }
}

type Verdict = 'ok' | ResyncReason;

async function replayAll(
  edge: Edge,
  session: Session,
  command: CommandOf<'sync'>,
  positions: ReadonlyMap<ConversationId, number>,
): Promise<Verdict> {
  const position = { epoch: command.epoch, userSeq: command.user_seq };
  const [check, me] = await Promise.all([
    checkPosition(edge.core, session.actor, position),
    // What changes from here on, the user log tells (`takeUserEvent`).
    getMe(edge.core, session.actor),
  ]);
  if (check.kind === 'resync') return check.reason;
  session.seesReading = me.kind === 'done' && me.value.privacy.read_receipts;
  const joined = new Map<ConversationId, number>();
  session.joinedInReplay = joined;
  await replayUserLog(edge, session, command.user_seq, check.range);
  session.mailbox = new MailboxFeed(edge, session.connection, session.actor.deviceId);
  await session.mailbox.catchUp();
  session.joinedInReplay = undefined;
  return replayConversations(edge, session, (id) => positions.get(id) ?? joined.get(id));
}

async function replayUserLog(edge: Edge, session: Session, afterSeq: number, range: UserLogRange): Promise<void> {
  let position = afterSeq;
  for (;;) {
    const first = position === afterSeq ? range : undefined;
    const { events, upTo } = await readUserEvents(edge.core, session.actor, position, first);
    for (const event of events) {
      await session.connection.transport.room();
      await session.takeUserEvent(event, new EncodedFrame(event, edge.counters));
    }
    if (upTo <= position || session.ended) break;
    position = upTo;
  }
  if (session.ended) return;
  // From here on the topic of the user sends what is new. What it heard of between the last page and this line was for nobody and is read.
  session.userSeq = position;
  const topic = edge.hub.users.peek(session.actor.userId);
  if (topic !== undefined && topic.heardUpTo > position) await topic.catchUp();
}

/** Listens first and reads the heads after, so that nothing falls between; membership is checked as each conversation is attached. */
async function replayConversations(
  edge: Edge,
  session: Session,
  placeOf: (conversationId: ConversationId) => number | undefined,
): Promise<Verdict> {
  const conversations = await edge.core.membershipStore.conversationsOf(session.actor.userId);
  const subscriptions = conversations
    .filter((id) => !isChannel(id))
    .map((id) => session.openSubscription(id))
    .filter((subscription) => subscription !== undefined);
  for (let next = 0; next < subscriptions.length; next += LISTEN_PARALLEL)
    await Promise.all(subscriptions.slice(next, next + LISTEN_PARALLEL).map((subscription) => subscription.listen()));
  const heads = await edge.core.messageLog.heads(subscriptions.map((subscription) => subscription.conversationId));
  for (const subscription of subscriptions) {
    if (session.ended) return 'ok';
    const verdict = await resume(subscription, placeOf(subscription.conversationId), heads);
    if (verdict !== 'ok') return verdict;
  }
  return 'ok';
}

/** A conversation that the device does not hold is live from its head on: the device pages the rest. */
async function resume(
  subscription: Subscription,
  place: number | undefined,
  heads: ReadonlyMap<ConversationId, Head>,
): Promise<Verdict> {
  const head = heads.get(subscription.conversationId)?.seq ?? 0;
  const result = await subscription.resume(place ?? head, head);
  return result === 'position_ahead' ? result : 'ok';
}
