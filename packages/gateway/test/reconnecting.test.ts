import type { Broker, BrokerEvent, Topic } from '@parley/core';
import { MemoryBroker } from '@parley/memory';
import type { ConversationId, ServerFrame } from '@parley/protocol';
import { type Person, SeededRandom } from '@parley/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODECS, TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

/** Does to events what the port allows: loses, repeats and delays them. */
class LossyBroker implements Broker {
  readonly #inner = new MemoryBroker();
  readonly #random: SeededRandom;
  #held: [Topic, BrokerEvent][] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  publish(topic: Topic, event: BrokerEvent): void {
    const fate = this.#random.fraction();
    if (fate < 0.2) return;
    if (fate < 0.35) {
      this.#held.push([topic, event]);
      return;
    }
    this.#inner.publish(topic, event);
    if (fate < 0.45) this.#inner.publish(topic, event);
    for (const [heldTopic, heldEvent] of this.#held.splice(0)) this.#inner.publish(heldTopic, heldEvent);
  }

  subscribe(topic: Topic, onEvent: (event: BrokerEvent) => void): Promise<() => void> {
    return this.#inner.subscribe(topic, onEvent);
  }
}

/** A device that remembers over its connections what it has, as the SDK does. */
class Device {
  readonly person: Person;
  readonly #codec: (typeof CODECS)[number];
  /** Place of everything that arrived without a gap, and what arrived beyond. */
  readonly #places = new Map<ConversationId, number>();
  readonly seen = new Map<ConversationId, Set<number>>();
  #client: TestClient | undefined;
  #userSeq: number;

  constructor(
    person: Person,
    codec: (typeof CODECS)[number],
    userSeq: number,
    places: ReadonlyMap<ConversationId, number>,
  ) {
    this.person = person;
    this.#codec = codec;
    this.#userSeq = userSeq;
    this.#places = new Map(places);
    for (const id of places.keys()) this.seen.set(id, new Set());
  }

  get client(): TestClient | undefined {
    return this.#client;
  }

  async connect(node: TestNode): Promise<void> {
    if (this.#client !== undefined) return;
    this.#client = await TestClient.as(node, this.person, this.#codec);
    const answer = await this.#client.sync(node, this.person, Object.fromEntries(this.#places), this.#userSeq);
    expect(answer.type).toBe('resumed');
  }

  async cut(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    await client.cut();
    this.#learn(client.frames);
  }

  /** Takes in what a connection brought, checking that it kept the promises of SYNC-3. */
  #learn(frames: readonly ServerFrame[]): void {
    const lastOf = new Map<ConversationId, number>();
    for (const frame of frames) {
      if (frame.type === 'msg_ack' && frame.seq !== undefined) this.seen.get(frame.conversation_id)?.add(frame.seq);
      if (frame.type !== 'new_message') continue;
      expect(frame.seq).toBeGreaterThan(lastOf.get(frame.conversation_id) ?? 0);
      lastOf.set(frame.conversation_id, frame.seq);
      this.seen.get(frame.conversation_id)?.add(frame.seq);
    }
    for (const [id, place] of this.#places) {
      let next = place;
      while (this.seen.get(id)?.has(next + 1) === true) next += 1;
      this.#places.set(id, next);
    }
  }
}

type Step =
  | { readonly act: 'send'; readonly device: number; readonly conversation: number; readonly wait: boolean }
  | { readonly act: 'cut'; readonly device: number }
  | { readonly act: 'connect'; readonly device: number }
  | { readonly act: 'pass'; readonly seconds: number };

const DEVICES = 4;
const device = fc.nat({ max: DEVICES - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      act: fc.constant('send' as const),
      device,
      conversation: fc.nat({ max: 1 }),
      wait: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('cut' as const), device }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('connect' as const), device }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 20 }) }) },
);

/** How many entries were written. */
async function run(seed: number, steps: readonly Step[]): Promise<number> {
  const node = await startNode({ broker: new LossyBroker(seed), gateway: { repairIntervalMs: 15_000 } });
  try {
    const people = await node.build.people(DEVICES);
    const [first, ...others] = people;
    if (first === undefined) throw new Error('No people.');
    const conversations = [await node.build.group(first, others), await node.build.group(first, others)];
    const places = new Map<ConversationId, number>(conversations.map((id) => [id, 2]));
    const devices: Device[] = [];
    for (const [index, person] of people.entries()) {
      const codec = CODECS[index % CODECS.length];
      if (codec !== undefined)
        devices.push(new Device(person, codec, await node.core.userLog.head(person.userId), places));
    }
    for (const each of devices) await each.connect(node);
    for (const taken of steps) await take(node, devices, conversations, taken);
    for (const each of devices) await each.connect(node);
    // Whoever was connected all along is brought up to date by the slow comparison with the log; the others by their sync.
    for (let second = 0; second < 20; second += 1) await node.clock.advance(1_000);
    for (const each of devices) {
      await each.client?.settle();
      await each.client?.settle();
      await each.cut();
    }
    let entries = 0;
    for (const conversation of conversations) {
      const { headSeq } = await node.core.messageLog.readAfter(conversation, 0, 1);
      entries += headSeq - 2;
      const all = Array.from({ length: headSeq - 2 }, (_, index) => index + 3);
      for (const each of devices) expect([...(each.seen.get(conversation) ?? [])].sort((a, b) => a - b)).toEqual(all);
    }
    return entries;
  } finally {
    await node.close();
  }
}

async function take(
  node: TestNode,
  devices: readonly Device[],
  conversations: readonly ConversationId[],
  taken: Step,
): Promise<void> {
  if (taken.act === 'pass') {
    for (let second = 0; second < taken.seconds; second += 1) await node.clock.advance(1_000);
    return;
  }
  const actor = devices[taken.device];
  if (taken.act === 'cut') await actor?.cut();
  else if (taken.act === 'connect') await actor?.connect(node);
  else {
    const conversation = conversations[taken.conversation];
    if (actor?.client === undefined || conversation === undefined) return;
    const acknowledged = actor.client.say(conversation, 'hello');
    if (taken.wait) await acknowledged;
    else acknowledged.catch(() => undefined);
  }
}

describe('reconnecting', () => {
  it('[SYNC-3] [SYNC-5] whatever is lost, repeated, delayed or cut, every device ends with exactly the log', async () => {
    const steps = fc.array(step, { minLength: 40, maxLength: 120, size: 'max' });
    let entries = 0;
    const property = fc.asyncProperty(fc.nat(), steps, async (seed, taken) => {
      entries += await run(seed, taken);
    });
    await fc.assert(property, { numRuns: 25, seed: 20_261_120, endOnFailure: true });
    // Otherwise the steps would prove little.
    expect(entries).toBeGreaterThan(500);
  }, 120_000);
});
