import type { ConversationId, LogEntry, UserId } from '@parley/protocol';
import type { Clock, Log } from '../ports/environment.ts';
import type { MembershipStore } from '../ports/membership-store.ts';
import type { MessageLog } from '../ports/message-log.ts';
import { entrySeenFrom } from './entry-seen-from.ts';
import { HoldBack, type Numbered } from './hold-back.ts';
import { Subscription, type TopicSubscriber } from './subscription.ts';

const LOG_PAGE = 256;
const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 5_000;

export interface TopicStreamOptions<S extends TopicSubscriber> {
  readonly conversationId: ConversationId;
  readonly messageLog: Pick<MessageLog, 'readAfter'>;
  readonly membershipStore: Pick<MembershipStore, 'find'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  /** Called in seq order per subscriber, each entry once. All subscribers to whom it says the same get the same object. Must not throw or wait. */
  deliver(subscriber: S, entry: LogEntry, originConnectionId: string | null): void;
  /** The user of a live subscriber was removed from the conversation: nothing follows, also not that entry (HIST-5). */
  onEnded(subscriber: S): void;
}

export type AttachOutcome =
  /** Everything up to `position` has been delivered, or lies before what the member may see; live from there on. */
  | { readonly kind: 'live'; readonly position: number }
  /** More than `replayMax` entries are missing; not attached. Send the present state, then attach again after its head (SYNC-6). */
  | { readonly kind: 'gap'; readonly headSeq: number }
  /** `afterSeq` lies beyond the log: it is not a place of this log. Not attached. */
  | { readonly kind: 'position_ahead'; readonly headSeq: number }
  /** No member (any more). Not attached. */
  | { readonly kind: 'not_a_member' }
  /** Detached or attached anew while this was under way. */
  | { readonly kind: 'superseded' };

/**
 * A node's view of one conversation topic: puts numbered entries in order, whatever the broker loses, repeats or reorders, and hands them to the
 * subscribers. The log is the truth: on a gap it is read, by one reader at a time, for as long as it takes (S8).
 *
 * Subscribe to the broker's topic first, then read the head, then attach: an entry is then either below that head or arrives by the broker.
 * Memory is bounded: held-back entries and those waiting for a replaying subscriber are forgotten beyond a cap and read from the log instead.
 */
export class TopicStream<S extends TopicSubscriber> {
  readonly #options: TopicStreamOptions<S>;
  readonly #subscriptions = new Map<S, Subscription<S>>();
  readonly #held = new HoldBack();
  /** Every live subscription has everything up to here. Undefined: nobody has attached yet. */
  #position: number | undefined;
  /** The highest seq that the log is known to have. */
  #knownHead = 0;
  #catchingUp = false;
  /** The last edit as newcomers have it: one object for all of them, so that it is encoded once. */
  #lastSilent: LogEntry | undefined;
  #retryDelayMs = RETRY_FIRST_MS;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(options: TopicStreamOptions<S>) {
    this.#options = options;
  }

  get subscriberCount(): number {
    return this.#subscriptions.size;
  }

  /** Undefined before the first attach. */
  get position(): number | undefined {
    return this.#position;
  }

  /** Takes an entry from the broker: late, early, repeated or in order. */
  accept(entry: LogEntry, originConnectionId: string | null): void {
    this.#knownHead = Math.max(this.#knownHead, entry.seq);
    if (this.#position === undefined || entry.seq <= this.#position) return;
    if (entry.seq > this.#position + 1) {
      this.#held.add({ entry, originConnectionId }, this.#position);
      this.#catchUp();
      return;
    }
    this.#advance({ entry, originConnectionId });
    this.#drainHeld();
  }

  /** Idle repair: tells what the log's head is, from a slow timer. */
  checkHead(headSeq: number): void {
    this.#knownHead = Math.max(this.#knownHead, headSeq);
    this.#catchUp();
  }

  /**
   * Subscribes: replays (afterSeq, head] without what this member may not see (HIST-4), then live, nothing falling between or coming twice
   * (S5). `headSeq`: the log's head as read after the broker's topic was subscribed. `replayMax`: entries. Attaching again starts anew.
   * Rejects with the StoreError of a read that failed; then it is not attached.
   */
  async attach(
    subscriber: S,
    from: { readonly afterSeq: number; readonly headSeq: number; readonly replayMax: number },
  ): Promise<AttachOutcome> {
    this.#knownHead = Math.max(this.#knownHead, from.headSeq);
    this.#position ??= from.headSeq;
    // Registered before membership is read: a removal from here on ends it. Removals up to here were followed by a new joining if that read finds a member.
    const memberSince = Math.max(from.headSeq, this.#position);
    const subscription = new Subscription(subscriber, memberSince);
    this.#subscriptions.set(subscriber, subscription);
    this.#catchUp();
    try {
      const outcome = await this.#join(subscription, from);
      if (outcome.kind !== 'live' && outcome.kind !== 'superseded') this.#drop(subscription);
      return outcome;
    } catch (error) {
      this.#drop(subscription);
      throw error;
    }
  }

  detach(subscriber: S): void {
    this.#subscriptions.delete(subscriber);
  }

  /** Forgets all; a read under way has no effect any more. */
  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#subscriptions.clear();
    this.#held.clear();
  }

  async #join(
    subscription: Subscription<S>,
    {
      afterSeq,
      headSeq,
      replayMax,
    }: { readonly afterSeq: number; readonly headSeq: number; readonly replayMax: number },
  ): Promise<AttachOutcome> {
    const { conversationId, membershipStore } = this.#options;
    const membership = await membershipStore.find(conversationId, subscription.subscriber.userId);
    if (subscription.ended || membership === undefined) return { kind: 'not_a_member' };
    if (!this.#isCurrent(subscription)) return { kind: 'superseded' };
    const target = Math.max(headSeq, this.#position ?? 0);
    if (afterSeq > target) return { kind: 'position_ahead', headSeq: target };
    subscription.visibleFromSeq = membership.visibleFromSeq;
    subscription.deliveredUpTo = Math.max(afterSeq, membership.visibleFromSeq - 1);
    if (target - subscription.deliveredUpTo > replayMax) return { kind: 'gap', headSeq: target };
    return this.#replay(subscription, target);
  }

  /** Reads up to a barrier while live entries wait, then lets them follow. When too many wait, reads up to a new barrier. */
  async #replay(subscription: Subscription<S>, headSeq: number): Promise<AttachOutcome> {
    const { conversationId, messageLog } = this.#options;
    for (;;) {
      subscription.beginWaiting();
      const barrier = Math.max(headSeq, this.#position ?? 0);
      while (subscription.deliveredUpTo < barrier) {
        const range = await messageLog.readAfter(conversationId, subscription.deliveredUpTo, LOG_PAGE);
        if (subscription.ended) return { kind: 'not_a_member' };
        if (!this.#isCurrent(subscription)) return { kind: 'superseded' };
        for (const entry of range.entries) {
          this.#hand(subscription, { entry, originConnectionId: null });
          if (subscription.ended) return { kind: 'not_a_member' };
        }
        // A log that ends below a head that was promised: there is no more to replay.
        if (range.coveredUpTo <= subscription.deliveredUpTo && range.entries.length === 0) break;
        subscription.deliveredUpTo = Math.max(subscription.deliveredUpTo, range.coveredUpTo);
      }
      const waiting = subscription.goLive();
      if (waiting === 'too_many') continue;
      for (const numbered of waiting) this.#hand(subscription, numbered);
      return { kind: 'live', position: subscription.deliveredUpTo };
    }
  }

  #isCurrent(subscription: Subscription<S>): boolean {
    return this.#subscriptions.get(subscription.subscriber) === subscription;
  }

  #drop(subscription: Subscription<S>): void {
    if (this.#isCurrent(subscription)) this.#subscriptions.delete(subscription.subscriber);
  }

  /** The next entry of the log: ends subscriptions of a user who was removed, then goes to all others. */
  #advance(numbered: Numbered): void {
    this.#position = numbered.entry.seq;
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.isWaiting && !endsMembership(numbered.entry, subscription)) subscription.keepWaiting(numbered);
      else this.#hand(subscription, numbered);
    }
  }

  #hand(subscription: Subscription<S>, { entry, originConnectionId }: Numbered): void {
    if (endsMembership(entry, subscription)) {
      subscription.ended = true;
      this.#drop(subscription);
      // While it is still attaching, the outcome of `attach` tells.
      if (!subscription.isWaiting) this.#options.onEnded(subscription.subscriber);
      return;
    }
    if (entry.seq <= subscription.deliveredUpTo) return;
    subscription.deliveredUpTo = entry.seq;
    this.#options.deliver(subscription.subscriber, this.#seenBy(subscription, entry), originConnectionId);
  }

  #seenBy({ visibleFromSeq }: Subscription<S>, entry: LogEntry): LogEntry {
    const seen = entrySeenFrom(visibleFromSeq, entry);
    if (seen === entry) return entry;
    if (this.#lastSilent?.seq !== seen.seq) this.#lastSilent = seen;
    return this.#lastSilent;
  }

  #drainHeld(): void {
    for (;;) {
      const next = this.#held.take((this.#position ?? 0) + 1);
      if (next === undefined) return;
      this.#advance(next);
    }
  }

  #catchUp(): void {
    if (this.#catchingUp || this.#closed || this.#cancelRetry !== undefined) return;
    if (this.#position === undefined || this.#position >= this.#knownHead) return;
    this.#catchingUp = true;
    void this.#readMissing()
      .then(() => {
        this.#retryDelayMs = RETRY_FIRST_MS;
      })
      .catch((error: unknown) => this.#retryLater(error))
      .finally(() => {
        this.#catchingUp = false;
        this.#catchUp();
      });
  }

  async #readMissing(): Promise<void> {
    const { conversationId, messageLog } = this.#options;
    while (!this.#closed && this.#position !== undefined && this.#position < this.#knownHead) {
      if (this.#subscriptions.size === 0) {
        // Nobody listens: the next one who attaches starts at the head.
        this.#position = undefined;
        this.#held.clear();
        return;
      }
      const wanted = this.#knownHead;
      const range = await messageLog.readAfter(conversationId, this.#position, LOG_PAGE);
      if (this.#closed) return;
      for (const entry of range.entries) {
        if (entry.seq > this.#position) this.#advance({ entry, originConnectionId: this.#held.originOf(entry.seq) });
      }
      if (range.coveredUpTo > this.#position) this.#position = range.coveredUpTo;
      this.#held.forgetUpTo(this.#position);
      this.#drainHeld();
      // A read sees all that was heard of before it began, unless the log was restored meanwhile.
      if (range.headSeq < wanted && this.#knownHead === wanted) this.#believe(range.headSeq);
    }
  }

  /** The log is shorter than what was heard: what was heard is void. */
  #believe(headSeq: number): void {
    this.#options.log.warn('topic_stream.head_unknown', { conversationId: this.#options.conversationId, headSeq });
    this.#knownHead = Math.max(headSeq, this.#position ?? 0);
    this.#held.clear();
  }

  #retryLater(error: unknown): void {
    const { clock, conversationId, log } = this.#options;
    if (this.#closed) return;
    log.warn('topic_stream.read_failed', { conversationId, error, retryInMs: this.#retryDelayMs });
    this.#cancelRetry = clock.after(this.#retryDelayMs, () => {
      this.#cancelRetry = undefined;
      this.#catchUp();
    });
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, RETRY_LAST_MS);
  }
}

const endsMembership = (
  entry: LogEntry,
  { subscriber, memberSince }: { readonly subscriber: { readonly userId: UserId }; readonly memberSince: number },
): boolean => entry.type === 'member_removed' && entry.user_id === subscriber.userId && entry.seq > memberSince;
