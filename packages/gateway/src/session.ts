import { type Actor, connectionClosed, connectionOpened } from '@parley/core';
import { type ConversationId, conversationKindOf, type UserEvent } from '@parley/protocol';
import type { Edge } from './edge.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { MailboxFeed } from './mailbox-feed.ts';
import type { Peer } from './peer.ts';
import type { PresenceFeed } from './presence-feed.ts';
import { Subscription, type SubscriptionOwner } from './subscription.ts';
import type { UserListener } from './user-topic.ts';

/** Who is behind an authenticated connection, and what it listens to. */
export class Session implements SubscriptionOwner, UserListener {
  readonly connection: Peer;
  readonly actor: Actor;
  /** Unix ms; moved by a newer token (CONN-5). */
  expiresAt: number;
  /** Events of the user log up to here were sent; null: not synchronised, nothing is live. */
  userSeq: number | null = null;
  /** RCPT-4: not while the user hides own reading. Known from the `sync` on. */
  seesReading = false;
  /** Undefined: not synchronised. */
  mailbox: MailboxFeed | undefined;
  /** Positions of `sync` commands that announced more (SYNC-9). */
  announced: Map<ConversationId, number> | undefined;
  /** While a `sync` replays the user log: where to begin with conversations joined meanwhile. */
  joinedInReplay: Map<ConversationId, number> | undefined;
  presence: PresenceFeed | undefined;
  readonly #edge: Edge;
  readonly #subscriptions = new Map<ConversationId, Subscription>();
  #opened: Promise<unknown> | undefined;
  #ended = false;

  constructor(edge: Edge, connection: Peer, actor: Actor, expiresAt: number) {
    this.#edge = edge;
    this.connection = connection;
    this.actor = actor;
    this.expiresAt = expiresAt;
  }

  get ended(): boolean {
    return this.#ended;
  }

  subscription(conversationId: ConversationId): Subscription | undefined {
    return this.#subscriptions.get(conversationId);
  }

  subscriptionCount(kind: 'channel'): number {
    let count = 0;
    for (const id of this.#subscriptions.keys()) if (conversationKindOf(id) === kind) count += 1;
    return count;
  }

  /** A new subscription that is not attached yet; undefined where one exists already. */
  openSubscription(conversationId: ConversationId): Subscription | undefined {
    if (this.#ended || this.#subscriptions.has(conversationId)) return undefined;
    const subscription = new Subscription(this.#edge, this, conversationId);
    this.#subscriptions.set(conversationId, subscription);
    return subscription;
  }

  unsubscribe(conversationId: ConversationId): void {
    const subscription = this.#subscriptions.get(conversationId);
    this.#subscriptions.delete(conversationId);
    subscription?.end();
  }

  /** Nothing is live any more; the connection stays. */
  unsubscribeAll(): void {
    this.userSeq = null;
    this.mailbox = undefined;
    for (const conversationId of [...this.#subscriptions.keys()]) this.unsubscribe(conversationId);
  }

  /** One event of the user's log, in order. What a joined or left conversation means for this connection happens before the next event. */
  async takeUserEvent(event: UserEvent, frame: EncodedFrame): Promise<void> {
    this.connection.deliver(frame);
    if (event.type === 'profile_changed') this.seesReading = event.me.privacy.read_receipts;
    if (event.type === 'conversation_left') this.unsubscribe(event.conversation_id);
    if (event.type === 'devices_changed' && event.change === 'removed' && event.device_id === this.actor.deviceId)
      this.connection.close('DEVICE_REVOKED');
    if (event.type !== 'conversation_joined' || event.conversation.kind === 'channel') return;
    const { conversation_id: conversationId, head_seq: headSeq } = event.conversation;
    if (this.joinedInReplay !== undefined) this.joinedInReplay.set(conversationId, headSeq);
    else await this.#join(conversationId, headSeq);
  }

  /**
   * The event told the state as of `afterSeq`; what came since then follows. A `sync` that found the conversation before its event came took it from the head on,
   * because it did not know the place: it begins anew.
   */
  async #join(conversationId: ConversationId, afterSeq: number): Promise<void> {
    if (this.#subscriptions.get(conversationId)?.bringsAllAfter(afterSeq) === false) this.unsubscribe(conversationId);
    const subscription = this.openSubscription(conversationId);
    if (subscription === undefined) return;
    await subscription.listen();
    await subscription.resume(afterSeq, await subscription.head());
  }

  /** PRES-1: the user is here. The end waits for it, so that the two cannot cross. */
  announce(): void {
    const { core } = this.#edge;
    this.#opened = connectionOpened(core, this.actor, this.connection.id);
    this.#edge.supervise('gateway.presence_failed', this.#opened);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.unsubscribeAll();
    this.presence?.end();
    this.#edge.hub.users.peek(this.actor.userId)?.remove(this);
    this.#edge.hub.users.release(this.actor.userId);
    const { core } = this.#edge;
    const { id } = this.connection;
    const closed = this.#opened?.catch(() => undefined).then(() => connectionClosed(core, this.actor, id));
    if (closed !== undefined) this.#edge.supervise('gateway.presence_failed', closed);
  }
}
