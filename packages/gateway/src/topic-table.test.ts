import type { Broker, BrokerEvent, Topic } from '@parley/core';
import { makeUserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { TopicTable } from './topic-table.ts';

/** Counts what is subscribed; answers when told to. */
class CountingBroker implements Broker {
  readonly subscribed = new Map<Topic, (event: BrokerEvent) => void>();
  subscriptions = 0;
  refuse = false;
  publish(topic: Topic, event: BrokerEvent): void {
    this.subscribed.get(topic)?.(event);
  }
  async subscribe(topic: Topic, onEvent: (event: BrokerEvent) => void): Promise<() => void> {
    this.subscriptions += 1;
    if (this.refuse) throw new Error('The broker is away.');
    this.subscribed.set(topic, onEvent);
    return () => this.subscribed.delete(topic);
  }
}

function setUp() {
  const broker = new CountingBroker();
  const closed: string[] = [];
  const table = new TopicTable(
    broker,
    (id: ReturnType<typeof makeUserId>) => `user:${id}`,
    (id) => ({ onEvent: () => undefined, close: () => closed.push(id) }),
  );
  return { broker, closed, table, ada: makeUserId(1n) };
}

describe('TopicTable', () => {
  it('subscribes once for all who use a topic and ends with the last of them', async () => {
    const { broker, closed, table, ada } = setUp();
    const [one, other] = await Promise.all([table.acquire(ada), table.acquire(ada)]);
    expect(one).toBe(other);
    expect(broker.subscriptions).toBe(1);
    table.release(ada);
    expect(table.peek(ada)).toBe(one);
    table.release(ada);
    await Promise.resolve();
    expect([table.size, closed, broker.subscribed.size]).toEqual([0, [ada], 0]);
  });

  it('a topic given back while it is being subscribed leaves no subscription behind', async () => {
    const { broker, table, ada } = setUp();
    const acquired = table.acquire(ada);
    table.release(ada);
    await acquired;
    await Promise.resolve();
    expect([table.size, broker.subscribed.size]).toEqual([0, 0]);
  });

  it('tells everyone who waits when the broker refuses, and tries anew for the next', async () => {
    const { broker, table, ada } = setUp();
    broker.refuse = true;
    const attempts = await Promise.allSettled([table.acquire(ada), table.acquire(ada)]);
    expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broker.refuse = false;
    await table.acquire(ada);
    expect([table.size, broker.subscriptions]).toEqual([1, 2]);
  });
});
