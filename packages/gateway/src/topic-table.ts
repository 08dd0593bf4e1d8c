import type { Broker, BrokerEvent, Topic } from '@parley/core';

/** A node's view of one broker topic, shared by all its connections. */
export interface NodeTopic {
  onEvent(event: BrokerEvent): void;
  /** Nobody uses it any more. */
  close(): void;
}

interface Row<T extends NodeTopic> {
  readonly view: T;
  /** Resolves when the broker delivers; holds the way to end that. */
  readonly subscribed: Promise<() => void>;
  uses: number;
}

/** Topics in use on this node, each subscribed once at the broker however many connections use it, and given back with the last one. */
export class TopicTable<Key extends string, T extends NodeTopic> {
  readonly #broker: Broker;
  readonly #topicOf: (key: Key) => Topic;
  readonly #open: (key: Key) => T;
  readonly #rows = new Map<Key, Row<T>>();

  constructor(broker: Broker, topicOf: (key: Key) => Topic, open: (key: Key) => T) {
    this.#broker = broker;
    this.#topicOf = topicOf;
    this.#open = open;
  }

  get size(): number {
    return this.#rows.size;
  }

  keys(): IterableIterator<Key> {
    return this.#rows.keys();
  }

  /** The topic where it is in use already. */
  peek(key: Key): T | undefined {
    return this.#rows.get(key)?.view;
  }

  /** Counts one use and resolves when events published from now on will arrive. Rejects, counting nothing, when the broker refuses. */
  async acquire(key: Key): Promise<T> {
    let row = this.#rows.get(key);
    if (row === undefined) {
      const view = this.#open(key);
      row = { view, uses: 0, subscribed: this.#broker.subscribe(this.#topicOf(key), (event) => view.onEvent(event)) };
      this.#rows.set(key, row);
    }
    row.uses += 1;
    try {
      await row.subscribed;
    } catch (error) {
      if (this.#rows.get(key) === row) this.#rows.delete(key);
      throw error;
    }
    return row.view;
  }

  /** Gives one use back. */
  release(key: Key): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    row.uses -= 1;
    if (row.uses > 0) return;
    this.#rows.delete(key);
    row.view.close();
    // A subscription that failed was told to everyone who acquired it.
    row.subscribed.then(
      (unsubscribe) => unsubscribe(),
      () => undefined,
    );
  }
}
