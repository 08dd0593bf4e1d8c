import type { BrokerEvent } from '@parley/core';
import type { Presence } from '@parley/protocol';
import type { Counters } from './counters.ts';
import { EncodedFrame } from './encoded-frame.ts';
import type { NodeTopic } from './topic-table.ts';

/** Whoever watches a user. */
export interface PresenceListener {
  take(presence: Presence, frame: EncodedFrame): void;
}

/** News of one user's presence for those connections of this node that watch the user. */
export class PresenceTopic implements NodeTopic {
  readonly #counters: Counters;
  readonly #listeners = new Set<PresenceListener>();

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  add(listener: PresenceListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: PresenceListener): void {
    this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }

  onEvent(event: BrokerEvent): void {
    if (event.type !== 'presence') return;
    const frame = new EncodedFrame({ type: 'presence_update', ...event.presence }, this.#counters);
    for (const listener of this.#listeners) listener.take(event.presence, frame);
  }
}
