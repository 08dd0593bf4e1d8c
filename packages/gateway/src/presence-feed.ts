import { type Actor, done, type Outcome, queryPresence, watchable } from '@parley/core';
import type { Presence, UserId } from '@parley/protocol';
import type { Edge } from './edge.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { Peer } from './peer.ts';
import type { PresenceListener, PresenceTopic } from './presence-topic.ts';

/** PRES-2, PRES-3: what one connection wants to hear about others. */
export class PresenceFeed implements PresenceListener {
  readonly #edge: Edge;
  readonly #peer: Peer;
  readonly #actor: Actor;
  readonly #watched = new Map<UserId, PresenceTopic>();
  /** The latest news of each watched user that was not passed on yet. */
  readonly #news = new Map<UserId, EncodedFrame>();
  #passing = false;
  #ended = false;

  constructor(edge: Edge, peer: Peer, actor: Actor) {
    this.#edge = edge;
    this.#peer = peer;
    this.#actor = actor;
  }

  /** Watches exactly these users, as far as the actor may, and answers their present state. */
  async watch(userIds: readonly UserId[]): Promise<Outcome<{ readonly items: readonly Presence[] }>> {
    const { core, hub } = this.#edge;
    const allowed = new Set(await watchable(core, this.#actor, userIds));
    for (const userId of [...this.#watched.keys()]) if (!allowed.has(userId)) this.#forget(userId);
    for (const userId of allowed) {
      if (this.#watched.has(userId)) continue;
      const topic = await hub.presences.acquire(userId);
      if (this.#ended) {
        hub.presences.release(userId);
        return done({ items: [] });
      }
      this.#watched.set(userId, topic);
      topic.add(this);
    }
    return queryPresence(core, this.#actor, { userIds });
  }

  take(presence: Presence, frame: EncodedFrame): void {
    this.#news.set(presence.user_id, frame);
    if (this.#passing) return;
    this.#passing = true;
    this.#edge.supervise('gateway.presence_failed', this.#pass());
  }

  end(): void {
    this.#ended = true;
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
            this.#actor,
            news.map(([userId]) => userId),
          ),
        );
        for (const [userId, frame] of news)
          if (allowed.has(userId) && this.#watched.has(userId)) this.#peer.deliver(frame);
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
