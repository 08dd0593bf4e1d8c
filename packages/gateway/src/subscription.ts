import { type Actor, entrySeenFrom, getConversation } from '@parley/core';
import { type ConversationId, conversationKindOf, LIMITS, type LogEntry, type UserId } from '@parley/protocol';
import type { ConversationListener, ConversationTopic } from './conversation-topic.ts';
import type { Edge } from './edge.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { Peer } from './peer.ts';

/** Small, because one entry may have 64 KiB. */
const REPLAY_PAGE = 50;
/** Own writes whose acknowledgement left and whose entry has not come by yet. */
const OWN_WRITES_MAX = 256;

/** The session that a subscription belongs to. */
export interface SubscriptionOwner {
  readonly actor: Actor;
  readonly connection: Peer;
  readonly seesReading: boolean;
  /** Forgets the subscription and ends it. */
  unsubscribe(conversationId: ConversationId): void;
}

/** One connection's interest in one conversation. */
export class Subscription implements ConversationListener {
  readonly #owner: SubscriptionOwner;
  readonly conversationId: ConversationId;
  readonly #edge: Edge;
  #topic: ConversationTopic | undefined;
  #ownWrites: number[] | undefined;
  /** Entries up to here were handed over. */
  #sentUpTo = 0;
  /** Everything after this place is sent, or was. Undefined: it has not begun. */
  #begunAfter: number | undefined;
  #ended = false;

  constructor(edge: Edge, owner: SubscriptionOwner, conversationId: ConversationId) {
    this.#edge = edge;
    this.#owner = owner;
    this.conversationId = conversationId;
  }

  get userId(): UserId {
    return this.#owner.actor.userId;
  }

  get seesReading(): boolean {
    return this.#owner.seesReading;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** From here on nothing of the conversation is missed: what is published now is found by `resume`. */
  async listen(): Promise<void> {
    const topic = await this.#edge.hub.conversations.acquire(this.conversationId);
    if (this.#ended) this.#edge.hub.conversations.release(this.conversationId);
    else this.#topic = topic;
  }

  /** The log's head; to be read while listening. */
  async head(): Promise<number> {
    const heads = await this.#edge.core.messageLog.heads([this.conversationId]);
    return heads.get(this.conversationId)?.seq ?? 0;
  }

  /**
   * Sends what lies after the place, then is live; where that is more than LIMITS.replayEntriesMax, reports the gap instead (SYNC-6). `headSeq` was read while
   * listening. `position_ahead`: the log has no such place. A user who is no member gets nothing, and the subscription ends.
   */
  async resume(afterSeq: number, headSeq: number): Promise<'resumed' | 'position_ahead' | 'not_a_member'> {
    this.#begunAfter ??= afterSeq;
    const place = afterSeq < headSeq ? await this.#replay(afterSeq, headSeq) : afterSeq;
    if (this.#topic === undefined || this.#ended) return 'not_a_member';
    this.#sentUpTo = Math.max(this.#sentUpTo, place);
    const attached = await this.#topic.attach(this, { afterSeq: place, headSeq, replayMax: LIMITS.replayEntriesMax });
    switch (attached.kind) {
      case 'live':
        return 'resumed';
      case 'gap':
        return this.#reportGap(afterSeq);
      case 'position_ahead':
        return 'position_ahead';
      case 'not_a_member':
      case 'superseded':
        this.#giveUp();
        return 'not_a_member';
      default:
        return attached satisfies never;
    }
  }

  /** Whether nothing that lies after the place is left out. */
  bringsAllAfter(seq: number): boolean {
    return this.#begunAfter !== undefined && this.#begunAfter <= seq;
  }

  /** SYNC-3: the acknowledgement of an own write stands for its entry. */
  wrote(seq: number): void {
    if (seq <= this.#sentUpTo) return;
    this.#ownWrites ??= [];
    this.#ownWrites.push(seq);
    if (this.#ownWrites.length > OWN_WRITES_MAX) this.#ownWrites.shift();
  }

  /** The next entry, in order. */
  take(entry: LogEntry, frame: EncodedFrame, originConnectionId: string | null): void {
    if (this.#ended) return;
    this.#sentUpTo = entry.seq;
    if (!this.#isOwn(entry.seq) && originConnectionId !== this.#owner.connection.id)
      this.#owner.connection.deliver(frame);
  }

  hear(frame: EncodedFrame): void {
    this.#owner.connection.deliver(frame);
  }

  removed(): void {
    this.#giveUp();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#topic === undefined) return;
    this.#topic.detach(this);
    this.#edge.hub.conversations.release(this.conversationId);
  }

  /** One that was ended has been taken out already, and another may stand in its place. */
  #giveUp(): void {
    if (!this.#ended) this.#owner.unsubscribe(this.conversationId);
  }

  #isOwn(seq: number): boolean {
    if (this.#ownWrites === undefined) return false;
    const own = this.#ownWrites.includes(seq);
    this.#ownWrites = this.#ownWrites.filter((written) => written > seq);
    if (this.#ownWrites.length === 0) this.#ownWrites = undefined;
    return own;
  }

  /**
   * Sends the entries between the place and the head as fast as the client takes them, and returns how far it came. What came later is left to the topic stream, which also
   * notices a removal: one up to the head is history, because the membership is read after the head.
   */
  async #replay(afterSeq: number, headSeq: number): Promise<number> {
    const { membershipStore, messageLog } = this.#edge.core;
    const { connection } = this.#owner;
    const membership = await membershipStore.find(this.conversationId, this.userId);
    if (membership === undefined) return afterSeq;
    let place = Math.max(afterSeq, membership.visibleFromSeq - 1);
    if (headSeq - place > LIMITS.replayEntriesMax) return afterSeq;
    while (place < headSeq) {
      const range = await messageLog.readAfter(this.conversationId, place, REPLAY_PAGE);
      for (const entry of range.entries) {
        await connection.transport.room();
        if (this.#ended || entry.seq > headSeq) break;
        if (!this.#isOwn(entry.seq)) connection.send(entrySeenFrom(membership.visibleFromSeq, entry));
      }
      if (this.#ended || range.coveredUpTo <= place) break;
      place = Math.min(range.coveredUpTo, headSeq);
    }
    return place;
  }

  /** Tells the present state and is live after it. */
  async #reportGap(afterSeq: number): Promise<'resumed' | 'position_ahead' | 'not_a_member'> {
    const { core } = this.#edge;
    const request = { params: { conversation_id: this.conversationId }, query: undefined, body: undefined };
    const outcome = await getConversation(core, this.#owner.actor, request);
    if (outcome.kind === 'refused') {
      this.#giveUp();
      return 'not_a_member';
    }
    await this.#owner.connection.transport.room();
    const conversation = outcome.value;
    this.#owner.connection.send({ type: 'conversation_gap', conversation, after_seq: afterSeq });
    return this.resume(conversation.head_seq, Math.max(conversation.head_seq, await this.head()));
  }
}

export const isChannel = (conversationId: ConversationId): boolean => conversationKindOf(conversationId) === 'channel';
