import { textOf, utf8 } from '../src/bytes/bytes.ts';
import type { EncryptedDevice } from '../src/device/encrypted-device.ts';
import type { GroupReceiveOutcome } from '../src/device/group-messages.ts';
import { resendRequestId } from '../src/device/heal.ts';
import type { ReceiveOutcome } from '../src/device/receive-payload.ts';
import type { Recipient } from '../src/device/seal-for-device.ts';
import type { GroupRole, MembershipState } from '../src/groups/membership-log.ts';
import type { Profile } from '../src/profile/profile.ts';
import { CrashError, CrashingStore, type CrashPlan } from './crashing-store.ts';
import { addressOf, CONVERSATION, makeDevice, NOW, type TestDevice } from './people.ts';
import { makeRecordingProvider, type RecordingProvider } from './recording-provider.ts';

const GROUP = 'grp_0000000000007';

/** Something on its way to a device. */
export interface Item {
  readonly itemId: string;
  /** Under which its sender keeps it. */
  readonly messageId: string;
  /** The message of a person that it carries or asks for. */
  readonly about: string;
  readonly conversation: string;
  readonly isForGroup: boolean;
  readonly payload: Uint8Array;
}

/** What a run has been through, so that a green one can be read. */
export interface WorldCounts {
  sent: number;
  received: number;
  lost: number;
  spoilt: number;
  repeated: number;
  healed: number;
  crashes: number;
  /** Largest number of messages that one message came before. */
  reorderedMax: number;
}

/** A device with an inbox; it dies and comes back at will. */
export class Person {
  readonly made: TestDevice;
  readonly store: CrashingStore;
  readonly inbox: Item[] = [];
  readonly seen: Item[] = [];
  readonly received = new Map<string, string>();
  readonly #provider: RecordingProvider;
  readonly #onCrash: () => void;
  #device: EncryptedDevice;

  constructor(made: TestDevice, store: CrashingStore, provider: RecordingProvider, onCrash: () => void) {
    this.made = made;
    this.store = store;
    this.#provider = provider;
    this.#onCrash = onCrash;
    this.#device = made.device;
  }

  /** Runs an operation; after a death the device comes back from its store and asks again. */
  async run<Outcome>(operation: (device: EncryptedDevice) => Promise<Outcome>): Promise<Outcome> {
    const mark = this.#provider.mark();
    try {
      return await operation(this.#device);
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
      this.#onCrash();
      if (error.when === 'before') this.#provider.discardSince(mark);
      this.#device = await this.made.reopen();
      return operation(this.#device);
    }
  }

  /** As the device list shows it, with a bundle or without. */
  async recipient(hasBundle: boolean): Promise<Recipient> {
    if (hasBundle) return this.run(() => this.made.recipient());
    const expectedIdentity = this.made.context.self.publicIdentity;
    return { address: this.made.address, expectedIdentity, bundle: undefined };
  }
}

/** Two people and a transport that loses, repeats, reorders and spoils as it is told to. */
export class World {
  readonly counts: WorldCounts;
  readonly sent = new Map<string, string>();
  /** Messages of which the transport has lost something: they may arrive or not. */
  readonly mayMiss = new Set<string>();
  readonly #people: readonly [Person, Person];
  #itemCount = 0;
  #epoch = 1;

  private constructor(counts: WorldCounts, people: readonly [Person, Person]) {
    this.counts = counts;
    this.#people = people;
  }

  static async make(profile: Profile, counts: WorldCounts): Promise<World> {
    const provider = makeRecordingProvider();
    const onCrash = () => {
      counts.crashes += 1;
    };
    const makePerson = async (user: number) => {
      const store = new CrashingStore();
      return new Person(await makeDevice(addressOf(user), { provider, store, profile }), store, provider, onCrash);
    };
    return new World(counts, [await makePerson(1), await makePerson(2)]);
  }

  actors(isFirst: boolean): readonly [Person, Person] {
    const [one, other] = this.#people;
    return isFirst ? [one, other] : [other, one];
  }

  planCrash(plan: CrashPlan | undefined): void {
    for (const { store } of this.#people) store.planCrash(plan);
  }

  beginEpoch(): void {
    this.#epoch += 1;
  }

  async send(from: Person, to: Person, text: string): Promise<void> {
    const messageId = this.#nameMessage(text);
    const base = { messageId, conversation: CONVERSATION, body: utf8(text), nowMs: NOW };
    const attempt = async (hasBundle: boolean) => {
      const recipients = [await to.recipient(hasBundle)];
      return from.run((device) => device.send({ ...base, recipients }));
    };
    const first = await attempt(false);
    const outcome = first.kind === 'bundles_needed' ? await attempt(true) : first;
    if (outcome.kind !== 'sealed') throw new Error(`Sending failed: ${outcome.kind}.`);
    const payload = outcome.payloads[0]?.payload;
    // Asked again, as an outbox does that does not know whether it was heard: the same bytes must come.
    const again = await attempt(false);
    const isSame = again.kind === 'sealed' && samePayload(again.payloads[0]?.payload, payload);
    if (!isSame) throw new Error('A retry gave other bytes.');
    this.#post(to, { messageId, about: messageId, conversation: CONVERSATION, isForGroup: false, payload });
  }

  async sendToGroup(from: Person, to: Person, text: string): Promise<void> {
    const messageId = this.#nameMessage(text);
    const membership = this.#membershipIn(this.#epoch);
    const devices = [to.made.address];
    const base = { membership, devices, nowMs: NOW };
    const attempt = () => from.run((device) => device.sendToGroup({ ...base, messageId, body: utf8(text) }));
    const first = await attempt();
    if (first.kind === 'share_needed') await this.#share(from, to, base);
    const outcome = first.kind === 'share_needed' ? await attempt() : first;
    if (outcome.kind !== 'sealed') throw new Error(`Sending to the group failed: ${outcome.kind}.`);
    const { payload } = outcome;
    this.#post(to, { messageId, about: messageId, conversation: GROUP, isForGroup: true, payload });
  }

  async #share(
    from: Person,
    to: Person,
    base: { membership: MembershipState; devices: readonly TestDevice['address'][]; nowMs: number },
  ): Promise<void> {
    const attempt = async (hasBundle: boolean) => {
      const recipients = [await to.recipient(hasBundle)];
      return from.run((device) => device.shareSenderKey({ ...base, recipients }));
    };
    const first = await attempt(false);
    const outcome = first.kind === 'bundles_needed' ? await attempt(true) : first;
    if (outcome.kind !== 'sealed') throw new Error(`Sharing failed: ${outcome.kind}.`);
    const { messageId } = outcome;
    const payload = outcome.payloads[0]?.payload;
    this.#post(to, { messageId, about: messageId, conversation: GROUP, isForGroup: false, payload });
  }

  async deliver(to: Person, from: Person, item: Item): Promise<void> {
    const outcome = await to.run((device) => this.#receive(device, from, item));
    if (outcome.kind === 'duplicate') return;
    if (outcome.kind === 'undecryptable') {
      if (!('canHeal' in outcome) || outcome.canHeal) await this.#heal(to, from, item);
      return;
    }
    const { content } = outcome;
    if (content.kind === 'message') {
      const text = textOf(content.body);
      if (text !== this.sent.get(item.about)) throw new Error(`"${item.about}" opened to another text.`);
      if (!to.received.has(item.about)) this.counts.received += 1;
      to.received.set(item.about, text);
    }
    if (content.kind === 'resend_request') await this.#resend(to, from, item, content.messageId);
    to.seen.push(item);
    if (to.seen.length % 3 === 0) await to.run((device) => device.settleIncoming([item.itemId]));
  }

  #receive(
    device: EncryptedDevice,
    from: Person,
    { itemId, conversation, payload, isForGroup }: Item,
  ): Promise<ReceiveOutcome | GroupReceiveOutcome> {
    const { address, context } = from.made;
    if (isForGroup) {
      const membershipAt = (epoch: number) => this.#membershipIn(epoch);
      return device.receiveFromGroup({ itemId, groupId: conversation, from: address, payload, membershipAt });
    }
    const expectedIdentity = context.self.publicIdentity;
    return device.receive({ itemId, from: address, conversation, payload, expectedIdentity, nowMs: NOW });
  }

  async #heal(to: Person, from: Person, { itemId, messageId, about, conversation }: Item): Promise<void> {
    const attempt = async (hasBundle: boolean) => {
      const sender = await from.recipient(hasBundle);
      return to.run((device) => device.requestResend({ itemId, messageId, conversation, sender, nowMs: NOW }));
    };
    const first = await attempt(false);
    const request = first.kind === 'bundle_needed' ? await attempt(true) : first;
    if (request.kind !== 'sealed') throw new Error(`A resend request failed: ${request.kind}.`);
    const { payload } = request;
    this.#post(from, { messageId: resendRequestId(itemId), about, conversation, isForGroup: false, payload });
  }

  async #resend(from: Person, to: Person, { itemId, about, conversation }: Item, messageId: string): Promise<void> {
    const attempt = async (hasBundle: boolean) => {
      const recipient = await to.recipient(hasBundle);
      return from.run((device) => device.resend({ itemId, messageId, recipient, nowMs: NOW }));
    };
    const first = await attempt(false);
    const outcome = first.kind === 'bundle_needed' ? await attempt(true) : first;
    if (outcome.kind !== 'sealed') return;
    this.counts.healed += 1;
    this.#post(to, { messageId, about, conversation, isForGroup: false, payload: outcome.payload });
  }

  #post(
    to: Person,
    { payload, ...item }: Omit<Item, 'itemId' | 'payload'> & { payload: Uint8Array | undefined },
  ): void {
    if (payload === undefined) throw new Error('There is no payload to post.');
    this.#itemCount += 1;
    to.inbox.push({ ...item, itemId: `item ${this.#itemCount}`, payload });
  }

  #nameMessage(text: string): string {
    const messageId = `message ${this.sent.size}`;
    this.sent.set(messageId, text);
    this.counts.sent += 1;
    return messageId;
  }

  #membershipIn(epoch: number): MembershipState {
    const hash = new Uint8Array(32).fill(epoch);
    const members = new Map(this.#people.map(({ made }) => [made.address.userId, 'member' as GroupRole]));
    return { groupId: GROUP, height: epoch, hash, epoch, epochHash: hash, members };
  }
}

const samePayload = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
