import type { Broker, BrokerEvent, Topic } from '@parley/core';

type Listener = (event: BrokerEvent) => void;

/**
 * Events between the parts of one process: each arrives later in the same turn of the event loop, in the order in which it was
 * published, at those who are subscribed at the moment of arrival. One that throws does not keep the others from hearing; `onError` is told.
 */
export class MemoryBroker implements Broker {
  readonly #listeners = new Map<Topic, Set<Listener>>();
  readonly #onError: (error: unknown) => void;

  constructor(options: { readonly onError?: (error: unknown) => void } = {}) {
    this.#onError = options.onError ?? (() => {});
  }

  publish(topic: Topic, event: BrokerEvent): void {
    if (this.#listeners.has(topic)) queueMicrotask(() => this.#deliver(topic, event));
  }

  #deliver(topic: Topic, event: BrokerEvent): void {
    for (const listener of this.#listeners.get(topic) ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  async subscribe(topic: Topic, onEvent: (event: BrokerEvent) => void): Promise<() => void> {
    // A function of its own: the same callback may be subscribed twice and each ends by itself.
    const listener: Listener = (event) => onEvent(event);
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }
}
