import type { Broker, BrokerEvent, Topic } from '@parley/core';
import { makeGroupId, makeUserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';

/** Two ends of one broker, as two nodes would hold them; in one process both may be the same object. */
export interface OpenedBroker {
  readonly here: Broker;
  readonly there: Broker;
  close(): Promise<void>;
}

const conversationId = makeGroupId(1n);
const topic: Topic = `conversation:${conversationId}`;
const otherTopic: Topic = `conversation:${makeGroupId(2n)}`;

/** Numbered by a cursor, so that a test can tell them apart. */
const event = (upTo: number): BrokerEvent => ({
  type: 'receipts',
  conversationId,
  cursors: [{ userId: makeUserId(1n), deliveredUpTo: upTo, readUpTo: upTo, isDelivery: true }],
  deliveredByAllUpTo: upTo,
  readByAllUpTo: 0,
});

/** Keeps what it hears and lets a test wait for so many events. */
class Listener {
  readonly heard: BrokerEvent[] = [];
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly onEvent = (heard: BrokerEvent): void => {
    this.heard.push(heard);
    for (const { resolve } of this.#waiting.filter(({ count }) => count <= this.heard.length)) resolve();
  };

  async hears(count: number): Promise<readonly BrokerEvent[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ count, resolve });
    if (this.heard.length < count) await promise;
    return this.heard;
  }
}

/** What `Broker` promises, shown on an engine. It promises no delivery; these cases need one that loses nothing when all is well. */
export function brokerContract(engine: string, open: () => Promise<OpenedBroker>): void {
  const brokerTest = test.extend(
    'broker',
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
    async ({}, { onCleanup }) => {
      const opened = await open();
      onCleanup(() => opened.close());
      return opened;
    },
  );

  describe(`${engine}: Broker`, () => {
    brokerTest('[S8] after subscribing, events of the topic arrive whole', async ({ broker }) => {
      const listener = new Listener();
      await broker.there.subscribe(topic, listener.onEvent);
      const entry: BrokerEvent = {
        type: 'entry',
        entry: {
          type: 'message_deleted',
          conversation_id: conversationId,
          seq: 4,
          count: 1,
          created_at: 1_760_000_000_000,
          sender_id: makeUserId(1n),
          target_seq: 2,
        },
        originConnectionId: null,
      };
      broker.here.publish(topic, entry);
      expect(await listener.hears(1)).toEqual([entry]);
    });

    brokerTest('[S8] every subscription of a topic hears each event once', async ({ broker }) => {
      const listeners = [new Listener(), new Listener(), new Listener()];
      for (const { onEvent } of listeners) await broker.there.subscribe(topic, onEvent);
      for (const upTo of [1, 2, 3]) broker.here.publish(topic, event(upTo));
      for (const listener of listeners) {
        const heard = await listener.hears(3);
        expect(heard).toHaveLength(3);
        expect(heard).toEqual(expect.arrayContaining([event(1), event(2), event(3)]));
      }
    });

    brokerTest('[S8] topics are apart from each other', async ({ broker }) => {
      const [listener, other] = [new Listener(), new Listener()];
      await broker.there.subscribe(topic, listener.onEvent);
      await broker.there.subscribe(otherTopic, other.onEvent);
      broker.here.publish(topic, event(1));
      broker.here.publish(otherTopic, event(2));
      expect(await listener.hears(1)).toEqual([event(1)]);
      expect(await other.hears(1)).toEqual([event(2)]);
    });

    brokerTest('[S8] after unsubscribing nothing arrives, and the others go on hearing', async ({ broker }) => {
      const [gone, staying] = [new Listener(), new Listener()];
      const unsubscribe = await broker.there.subscribe(topic, gone.onEvent);
      await broker.there.subscribe(topic, staying.onEvent);
      broker.here.publish(topic, event(1));
      await gone.hears(1);
      unsubscribe();
      unsubscribe();
      broker.here.publish(topic, event(2));
      await staying.hears(2);
      expect(gone.heard).toEqual([event(1)]);
    });

    brokerTest('[S8] a listener that throws disturbs neither the publisher nor the others', async ({ broker }) => {
      const listener = new Listener();
      const calls: BrokerEvent[] = [];
      await broker.there.subscribe(topic, (heard) => {
        calls.push(heard);
        throw new Error('A listener of this test throws on purpose.');
      });
      await broker.there.subscribe(topic, listener.onEvent);
      broker.here.publish(topic, event(1));
      broker.here.publish(topic, event(2));
      await listener.hears(2);
      expect(calls).toHaveLength(2);
    });

    brokerTest(
      '[S8] publishing returns at once, also when nobody listens, and calls nobody back inside',
      async ({ broker }) => {
        const listener = new Listener();
        broker.here.publish(otherTopic, event(1));
        await broker.here.subscribe(topic, listener.onEvent);
        broker.here.publish(topic, event(2));
        expect(listener.heard).toEqual([]);
        expect(await listener.hears(1)).toEqual([event(2)]);
      },
    );
  });
}
