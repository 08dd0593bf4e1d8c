import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrashError, CrashingStore } from '../../test/crashing-store.ts';
import { addressOf, CONVERSATION, makeDevice, NOW, type TestDevice } from '../../test/people.ts';
import { makeRecordingProvider, type RecordingProvider } from '../../test/recording-provider.ts';
import { textOf, utf8 } from '../bytes/bytes.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import type { EncryptedDevice } from './encrypted-device.ts';
import { resendRequestId } from './heal.ts';
import type { Recipient } from './seal-for-device.ts';

/** Schedules of whole devices with crashes; PARLEY_E2EE_DEVICE_SCHEDULES asks for more. */
const SCHEDULES = Number(process.env.PARLEY_E2EE_DEVICE_SCHEDULES ?? 150);

const event = fc.record({
  isAlice: fc.boolean(),
  what: fc.constantFrom(
    'send',
    'send',
    'send',
    'deliver',
    'deliver',
    'deliver',
    'repeat',
    'corrupt',
    'lose_session' as const,
  ),
  pick: fc.nat(1_000_000),
  crash: fc.constantFrom(undefined, undefined, 'before', 'after' as const),
});
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

interface Item {
  readonly itemId: string;
  readonly messageId: string;
  readonly payload: Uint8Array;
}

/** A device with a transport that loses nothing by itself and may repeat, reorder and spoil; it dies and comes back at will. */
class Person {
  readonly provider: RecordingProvider;
  readonly store: CrashingStore;
  readonly made: TestDevice;
  readonly inbox: Item[] = [];
  readonly seen: Item[] = [];
  readonly received = new Map<string, string>();
  #device: EncryptedDevice;

  constructor(provider: RecordingProvider, store: CrashingStore, made: TestDevice) {
    this.provider = provider;
    this.store = store;
    this.made = made;
    this.#device = made.device;
  }

  static async make(user: number, provider: RecordingProvider): Promise<Person> {
    const store = new CrashingStore();
    return new Person(provider, store, await makeDevice(addressOf(user), { provider, store }));
  }

  /** Runs an operation; after a death the device comes back from its store and asks again. */
  async run<Outcome>(
    operation: (device: EncryptedDevice) => Promise<Outcome>,
    crash?: 'before' | 'after',
  ): Promise<Outcome> {
    this.store.crashAtNextCommit(crash);
    const mark = this.provider.mark();
    try {
      return await operation(this.#device);
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
      if (error.when === 'before') this.provider.discardSince(mark);
      this.#device = await this.made.reopen();
      return operation(this.#device);
    } finally {
      this.store.crashAtNextCommit(undefined);
    }
  }
}

/** The other device as the device list shows it, without a bundle. */
const recipientOf = ({ made }: Person): Recipient => ({
  address: made.address,
  expectedIdentity: made.context.self.publicIdentity,
  bundle: undefined,
});

class World {
  readonly sent = new Map<string, string>();
  #itemCount = 0;

  async send(from: Person, to: Person, text: string, crash: Event['crash']): Promise<void> {
    const messageId = `message ${this.sent.size}`;
    const base = { messageId, conversation: CONVERSATION, body: utf8(text), nowMs: NOW };
    let request = { ...base, recipients: [recipientOf(to)] };
    let outcome = await from.run((device) => device.send(request), crash);
    if (outcome.kind === 'bundles_needed') {
      request = { ...base, recipients: [await to.made.recipient()] };
      outcome = await from.run((device) => device.send(request), crash);
    }
    // Asked again, as an outbox does that does not know whether it was heard: the same bytes must come.
    const again = await from.run((device) => device.send(request));
    expect(again).toEqual(outcome);
    if (outcome.kind !== 'sealed') throw new Error(`Sending failed: ${outcome.kind}.`);
    this.sent.set(messageId, text);
    this.#post(to, messageId, outcome.payloads[0]?.payload);
  }

  async deliver(to: Person, from: Person, item: Item, crash: Event['crash']): Promise<void> {
    const request = {
      itemId: item.itemId,
      from: from.made.address,
      conversation: CONVERSATION,
      payload: item.payload,
      expectedIdentity: from.made.context.self.publicIdentity,
      nowMs: NOW,
    };
    const outcome = await to.run((device) => device.receive(request), crash);
    switch (outcome.kind) {
      case 'duplicate':
        return;
      case 'undecryptable':
        if (outcome.canHeal) await this.#heal(to, from, item);
        return;
      case 'received':
        if (outcome.content.kind === 'message') to.received.set(item.messageId, textOf(outcome.content.body));
        if (outcome.content.kind === 'resend_request')
          await this.#resend(to, from, item.itemId, outcome.content.messageId);
        to.seen.push(item);
        if (to.seen.length % 3 === 0) await to.run((device) => device.settleIncoming([item.itemId]), crash);
    }
  }

  async #heal(to: Person, from: Person, { itemId, messageId }: Item): Promise<void> {
    const draft = { itemId, messageId, conversation: CONVERSATION, sender: recipientOf(from), nowMs: NOW };
    let request = await to.run((device) => device.requestResend(draft));
    if (request.kind === 'bundle_needed') {
      const sender = await from.made.recipient();
      request = await to.run((device) => device.requestResend({ ...draft, sender }));
    }
    if (request.kind !== 'sealed') throw new Error(`A resend request failed: ${request.kind}.`);
    this.#post(from, resendRequestId(itemId), request.payload);
  }

  async #resend(from: Person, to: Person, itemId: string, messageId: string): Promise<void> {
    const order = { itemId, messageId, recipient: recipientOf(to), nowMs: NOW };
    let outcome = await from.run((device) => device.resend(order));
    if (outcome.kind === 'bundle_needed') {
      const recipient = await to.made.recipient();
      outcome = await from.run((device) => device.resend({ ...order, recipient }));
    }
    if (outcome.kind === 'sealed') this.#post(to, messageId, outcome.payload);
  }

  #post(to: Person, messageId: string, payload: Uint8Array | undefined): void {
    if (payload === undefined) throw new Error('There is no payload to post.');
    this.#itemCount += 1;
    to.inbox.push({ itemId: `item ${this.#itemCount}`, messageId, payload });
  }
}

async function play(world: World, actor: Person, other: Person, each: Event, text: string): Promise<void> {
  const { what, pick, crash } = each;
  switch (what) {
    case 'send':
      return world.send(actor, other, text, crash);
    case 'deliver': {
      const [item] = actor.inbox.splice(pick % (actor.inbox.length || 1), 1);
      return item && world.deliver(actor, other, item, crash);
    }
    case 'repeat': {
      const item = actor.seen[pick % (actor.seen.length || 1)];
      return item && world.deliver(actor, other, item, crash);
    }
    case 'corrupt': {
      const item = actor.inbox[pick % (actor.inbox.length || 1)];
      if (item === undefined) return;
      const payload = Uint8Array.from(item.payload);
      const at = pick % payload.length;
      payload[at] = (payload[at] ?? 0) ^ 1;
      return world.deliver(actor, other, { ...item, itemId: `${item.itemId} corrupted`, payload }, crash);
    }
    case 'lose_session': {
      const name = recordNames.session(other.made.address);
      const stored = await actor.store.durable.read(name);
      if (stored === undefined) return;
      await actor.store.durable.commit([{ name, expectedVersion: stored.version, sealed: undefined }]);
    }
  }
}

/** One message is encrypted anew at most `resendsMax` times, so no schedule spoils or forgets more often than that allows. */
function withinBudget(events: readonly Event[]): readonly Event[] {
  let harm = 0;
  return events.filter(({ what }) => {
    if (what === 'corrupt' || what === 'lose_session') harm += 1;
    return (what !== 'corrupt' && what !== 'lose_session') || harm < E2EE_LIMITS.resendsMax;
  });
}

describe('random schedules of devices', () => {
  it('[R5, R7] with crashes around every commit, repetitions, spoilt items and lost sessions, every message arrives, and no (key, nonce) comes twice', async () => {
    let healed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 24, size: 'max' }), async (events) => {
        const provider = makeRecordingProvider();
        const [alice, bob] = [await Person.make(1, provider), await Person.make(2, provider)];
        const world = new World();
        for (const [index, each] of withinBudget(events).entries()) {
          const [actor, other] = each.isAlice ? [alice, bob] : [bob, alice];
          await play(world, actor, other, each, `text ${index}`);
        }
        for (let round = 0; alice.inbox.length + bob.inbox.length > 0; round += 1) {
          if (round > 200) throw new Error('The devices keep asking each other for messages.');
          const [actor, other] = alice.inbox.length > 0 ? [alice, bob] : [bob, alice];
          const item = actor.inbox.shift();
          if (item !== undefined) await world.deliver(actor, other, item, undefined);
          if (item?.messageId.startsWith('resend_request') === true) healed += 1;
        }
        const received = new Map([...alice.received, ...bob.received]);
        expect([...received].sort()).toEqual([...world.sent].sort());
      }),
      { numRuns: SCHEDULES },
    );
    expect(healed).toBeGreaterThan(SCHEDULES / 20);
  }, 600_000);
});
