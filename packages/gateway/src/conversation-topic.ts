import { type AttachOutcome, type BrokerEvent, TopicStream } from '@parley/core';
import type { ConversationId, ServerFrame, UserId } from '@parley/protocol';
import type { Edge } from './edge.ts';
import type { Subscription } from './subscription.ts';
import type { NodeTopic } from './topic-table.ts';

/** One conversation on this node: its topic stream puts the entries in order, and all subscriptions get the same encoded frame. */
export class ConversationTopic implements NodeTopic {
  readonly #edge: Edge;
  readonly #stream: TopicStream<Subscription>;
  readonly #live = new Set<Subscription>();

  constructor(edge: Edge, conversationId: ConversationId) {
    const { messageLog, membershipStore, clock, log } = edge.core;
    this.#edge = edge;
    this.#stream = new TopicStream({
      conversationId,
      messageLog,
      membershipStore,
      clock,
      log,
      deliver: (subscription, entry, originConnectionId) =>
        subscription.take(entry, edge.encoder.of(entry), originConnectionId),
      onEnded: (subscription) => subscription.session.unsubscribe(conversationId),
    });
  }

  onEvent(event: BrokerEvent): void {
    switch (event.type) {
      case 'entry':
        this.#stream.accept(event.entry, event.originConnectionId);
        return;
      case 'receipt':
        this.#tellOthers(event.userId, {
          type: event.kind === 'read' ? 'read_receipt' : 'delivery_receipt',
          conversation_id: event.conversationId,
          user_id: event.userId,
          up_to: event.upTo,
          all_up_to: event.allUpTo,
        });
        return;
      case 'typing':
        this.#tellOthers(event.userId, {
          type: event.state === 'start' ? 'typing_start' : 'typing_stop',
          conversation_id: event.conversationId,
          user_id: event.userId,
        });
        return;
      default:
      // Other events travel on other topics.
    }
  }

  /** As TopicStream.attach; ephemerals follow once it is live. */
  async attach(
    subscription: Subscription,
    from: { readonly afterSeq: number; readonly headSeq: number; readonly replayMax: number },
  ): Promise<AttachOutcome> {
    const outcome = await this.#stream.attach(subscription, from);
    if (outcome.kind === 'live' && !subscription.ended) this.#live.add(subscription);
    return outcome;
  }

  detach(subscription: Subscription): void {
    this.#live.delete(subscription);
    this.#stream.detach(subscription);
  }

  /** The log is this long: what the broker lost is read. */
  checkHead(headSeq: number): void {
    this.#stream.checkHead(headSeq);
  }

  close(): void {
    this.#live.clear();
    this.#stream.close();
  }

  /** Facts about a member for all others; the member's own devices learn them from the user log. */
  #tellOthers(userId: UserId, frame: ServerFrame): void {
    const shared = this.#edge.encoder.of(frame);
    for (const subscription of this.#live)
      if (subscription.userId !== userId) subscription.session.connection.deliver(shared);
  }
}
