import { type BrokerEvent, done, type Outcome, queryPresence, watchable } from '@parley/core';
import type { Presence, UserId } from '@parley/protocol';
import type { Edge } from './edge.ts';
import { EncodedFrame } from './encoded-frame.ts';
import type { Session } from './session.ts';
import type { NodeTopic } from './topic-table.ts';

/** News of one user's presence for those connections of this node that watch the user. */
export class PresenceTopic implements NodeTopic {
  readonly #edge: Edge;
  readonly #feeds = new Set<PresenceFeed>();

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  add(feed: PresenceFeed): void {
    this.#feeds.add(feed);
  }

  remove(feed: PresenceFeed): void {
    this.#feeds.delete(feed);
  }

  close(): void {
    this.#feeds.clear();
  }

  onEvent(event: BrokerEvent): void {
    if (event.type !== 'presence') return;
    const frame = new EncodedFrame({ type: 'presence_update', ...event.presence }, this.#edge.counters);
    for (const feed of this.#feeds) feed.take(event.presence, frame);
  }
}

/** PRES-2, PRES-3: what one connection wants to hear about others. */
export class PresenceFeed {
  readonly #edge: Edge;
  readonly #session: Session;
  readonly #watched = new Map<UserId, PresenceTopic>();
  /** The latest news of each watched user that was not passed on yet. */
  readonly #news = new Map<UserId, EncodedFrame>();
  #passing = false;

  constructor(edge: Edge, session: Session) {
    this.#edge = edge;
    this.#session = session;
  }

  /** Watches exactly these users, as far as the actor may, and answers their present state. */
  async watch(userIds: readonly UserId[]): Promise<Outcome<{ readonly items: readonly Presence[] }>> {
    const { core, hub } = this.#edge;
    const allowed = new Set(await watchable(core, this.#session.actor, userIds));
    for (const userId of [...this.#watched.keys()]) if (!allowed.has(userId)) this.#forget(userId);
    for (const userId of allowed) {
      if (this.#watched.has(userId)) continue;
      const topic = await hub.presences.acquire(userId);
      if (this.#session.ended) {
        hub.presences.release(userId);
        return done({ items: [] });
      }
      this.#watched.set(userId, topic);
      topic.add(this);
    }
    return queryPresence(core, this.#session.actor, { userIds });
  }

  take(presence: Presence, frame: EncodedFrame): void {
    this.#news.set(presence.user_id, frame);
    if (this.#passing) return;
    this.#passing = true;
    this.#edge.supervise('gateway.presence_failed', this.#pass());
  }

  end(): void {
    for (const userId of [...this.#watched.keys()]) this.#forget(userId);
  }

  /** Whether the actor may know is asked again each time: privacy and acquaintance change while one watches. */
  async #pass(): Promise<void> {
    try {
      while (this.#news.size > 0) {
        const news = [...this.#news];
        this.#news.clear();
        const allowed = new Set(
          await watchable(
            this.#edge.core,
            this.#session.actor,
            news.map(([userId]) => userId),
          ),
        );
        for (const [userId, frame] of news)
          if (allowed.has(userId) && this.#watched.has(userId)) this.#session.connection.deliver(frame);
      }
    } finally {
      this.#passing = false;
    }
  }

  #forget(userId: UserId): void {
    this.#watched.get(userId)?.remove(this);
    this.#watched.delete(userId);
    this.#news.delete(userId);
    this.#edge.hub.presences.release(userId);
  }
}
