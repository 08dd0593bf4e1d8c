import { type AttachOutcome, type BrokerEvent, type Core, TopicStream, type TopicSubscriber } from '@parley/core';
import type { ConversationId, LogEntry, ServerFrame, UserId } from '@parley/protocol';
import type { Counters } from './counters.ts';
import type { EncodedFrame, FrameEncoder } from './encoded-frame.ts';
import type { NodeTopic } from './topic-table.ts';

type ReceiptsEvent = Extract<BrokerEvent, { type: 'receipts' }>;

/** Whoever hears a conversation. */
export interface ConversationListener extends TopicSubscriber {
  readonly ended: boolean;
  /** The next entry, in order. */
  take(entry: LogEntry, frame: EncodedFrame, originConnectionId: string | null): void;
  /** RCPT-4: not who hides own reading. */
  readonly seesReading: boolean;
  /** A receipt or an ephemeral. */
  hear(frame: EncodedFrame): void;
  /** The user was removed: nothing follows (HIST-5). */
  removed(): void;
}

/** One conversation on this node: its topic stream puts the entries in order, and all listeners get the same encoded frame. */
export class ConversationTopic implements NodeTopic {
  readonly #encoder: FrameEncoder;
  readonly #stream: TopicStream<ConversationListener>;
  readonly #live = new Set<ConversationListener>();

  constructor(core: Core, encoder: FrameEncoder, counters: Counters, conversationId: ConversationId) {
    const { messageLog, membershipStore, clock, log } = core;
    this.#encoder = encoder;
    this.#stream = new TopicStream({
      conversationId,
      messageLog,
      membershipStore,
      clock,
      log,
      deliver(listener, entry, originConnectionId) {
        if (entry.type === 'new_message') counters.messagesDelivered += 1;
        listener.take(entry, encoder.of(entry), originConnectionId);
      },
      onEnded: (listener) => listener.removed(),
    });
  }

  onEvent(event: BrokerEvent): void {
    switch (event.type) {
      case 'entry':
        this.#stream.accept(event.entry, event.originConnectionId);
        return;
      case 'receipts':
        this.#tellReceipts(event);
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
    listener: ConversationListener,
    from: { readonly afterSeq: number; readonly headSeq: number; readonly replayMax: number },
  ): Promise<AttachOutcome> {
    const outcome = await this.#stream.attach(listener, from);
    if (outcome.kind === 'live' && !listener.ended) this.#live.add(listener);
    return outcome;
  }

  detach(listener: ConversationListener): void {
    this.#live.delete(listener);
    this.#stream.detach(listener);
  }

  /** The log is this long: what the broker lost is read. */
  checkHead(headSeq: number): void {
    this.#stream.checkHead(headSeq);
  }

  close(): void {
    this.#live.clear();
    this.#stream.close();
  }

  /** RCPT-2: the same frame for everybody, except for the only one whose cursors are in it. RCPT-4: who hides own reading gets one that tells of deliveries alone. */
  #tellReceipts(event: ReceiptsEvent): void {
    const [first, second] = event.cursors;
    const onlyUser = second === undefined ? first?.userId : undefined;
    const deliveries = event.cursors.filter(({ isDelivery }) => isDelivery);
    let whole: EncodedFrame | undefined;
    let withoutReading: EncodedFrame | undefined;
    for (const listener of this.#live) {
      if (listener.userId === onlyUser) continue;
      if (listener.seesReading) {
        whole ??= this.#encoder.of(receiptsFrame(event));
        listener.hear(whole);
      } else if (deliveries.length > 0) {
        withoutReading ??= this.#encoder.of(
          receiptsFrame({
            ...event,
            cursors: deliveries.map((cursor) => ({ ...cursor, readUpTo: 0 })),
            readByAllUpTo: 0,
          }),
        );
        listener.hear(withoutReading);
      }
    }
  }

  /** Facts about a member for all others; the member's own devices learn them from the user log. */
  #tellOthers(userId: UserId, frame: ServerFrame): void {
    const shared = this.#encoder.of(frame);
    for (const listener of this.#live) if (listener.userId !== userId) listener.hear(shared);
  }
}

const receiptsFrame = ({ conversationId, cursors, ...all }: ReceiptsEvent): ServerFrame => ({
  type: 'receipts',
  conversation_id: conversationId,
  cursors: cursors.map(({ userId, deliveredUpTo, readUpTo }) => ({
    user_id: userId,
    delivered_up_to: deliveredUpTo,
    read_up_to: readUpTo,
  })),
  all: { delivered_up_to: all.deliveredByAllUpTo, read_up_to: all.readByAllUpTo },
});
