import type { DeviceAddress } from '../identity/device-address.ts';
import { EMPTY_RECORD } from '../session/session-record.ts';
import { recordNames } from '../store/record-names.ts';
import type { RecordName } from '../store/session-store.ts';
import type { DeviceContext } from './device-context.ts';
import { inOneStep } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import {
  type GroupReceiveOutcome,
  type GroupReceiveRequest,
  type GroupSendOutcome,
  type GroupSendRequest,
  receiveFromGroup,
  sendToGroup,
} from './group-messages.ts';
import {
  type HealOutcome,
  type ResendOrder,
  type ResendOutcome,
  type ResendRequestDraft,
  requestResend,
  resend,
} from './heal.ts';
import { type PreKeyUpload, type PublishRequest, publishPreKeys } from './publish-pre-keys.ts';
import { type ReceiveOutcome, type ReceiveRequest, receivePayload } from './receive-payload.ts';
import { type SendOutcome, type SendRequest, sendContent } from './send-content.ts';
import { senderKeysOf } from './sender-keys-of.ts';
import { readSession, writeSession } from './session-records.ts';
import { type ShareOutcome, type ShareRequest, shareSenderKey } from './share-sender-key.ts';

/** The stored state is older than the caller has seen it: its keys may have been used already. */
export class RolledBackStateError extends Error {
  constructor(found: number, expected: number) {
    super(
      `The state of this device was rolled back: generation ${found} where at least ${expected} was seen before. ` +
        'Nothing was changed. Register this device anew; using old keys again would expose messages.',
    );
    this.name = 'RolledBackStateError';
  }
}

/**
 * End-to-end encryption for one device. Every method is one durable step: when its promise resolves, state and result are stored
 * together; when it rejects or the process dies, either all of it is stored or nothing, and asking again is safe.
 * Throws RangeError for an id that is too long, `DamagedStateError` for state that does not open, `StateContentionError` when other
 * writers were faster five times, and what the store throws. Expected refusals are values.
 * Methods of one object run one after the other. Several objects on one store (tabs) are safe but contend: give one tab the lock.
 */
export class EncryptedDevice {
  readonly #context: DeviceContext;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(context: DeviceContext) {
    this.#context = context;
  }

  /** `generationSeen`: what `generation` last gave, kept apart from the store. Throws `RolledBackStateError`. */
  static async open(context: DeviceContext, generationSeen = 0): Promise<EncryptedDevice> {
    const found = await context.store.generation();
    if (found < generationSeen) throw new RolledBackStateError(found, generationSeen);
    return new EncryptedDevice(context);
  }

  get address(): DeviceAddress {
    return this.#context.self.address;
  }

  generation(): Promise<number> {
    return this.#context.store.generation();
  }

  /** Keys to upload, see `keyBundleUploadOf`. Call at the start, weekly, and when the server's stock runs low. */
  publishPreKeys(request: PublishRequest): Promise<PreKeyUpload> {
    return this.#step((step) => publishPreKeys(this.#context, step, request));
  }

  /** Encrypts up to 65,535 bytes for the devices of a conversation. */
  send(request: SendRequest & { readonly body: Uint8Array }): Promise<SendOutcome> {
    return this.#step((step) => sendContent(this.#context, step, request, { kind: 'message', body: request.body }));
  }

  /** Decrypts a payload of up to 70,000 bytes that came for this device (Double Ratchet §3.4, Sesame §3.4). */
  receive(request: ReceiveRequest): Promise<ReceiveOutcome> {
    return this.#step((step) => receivePayload(this.#context, step, request));
  }

  /** Asks a device to encrypt a message again that could not be read (R7); at most one fresh session in ten minutes. */
  requestResend(draft: ResendRequestDraft): Promise<HealOutcome> {
    return this.#step((step) => requestResend(this.#context, step, draft));
  }

  /** Answers such a request, at most five times a message and device, only for a device that the message was for. */
  resend(order: ResendOrder): Promise<ResendOutcome> {
    return this.#step((step) => resend(this.#context, step, order));
  }

  /** Gives this device's key for a group to devices that lack it, when `sendToGroup` has asked for it (G2, G4). */
  shareSenderKey(request: ShareRequest): Promise<ShareOutcome> {
    return this.#step((step) => shareSenderKey(this.#context, step, request));
  }

  /** Encrypts up to 65,535 bytes once for a whole group (G1). */
  sendToGroup(request: GroupSendRequest): Promise<GroupSendOutcome> {
    return this.#step((step) => sendToGroup(this.#context, step, request));
  }

  /** Verifies and decrypts a group message (G1, G3). */
  receiveFromGroup(request: GroupReceiveRequest): Promise<GroupReceiveOutcome> {
    return this.#step((step) => receiveFromGroup(this.#context, step, request));
  }

  /** Forgets items that the application has stored for itself. */
  settleIncoming(itemIds: readonly string[]): Promise<void> {
    return this.#remove(itemIds.map(recordNames.incoming));
  }

  /** Forgets messages that every device has read, or that are too old to be asked for again. */
  settleOutgoing(messageIds: readonly string[]): Promise<void> {
    return this.#remove(messageIds.map(recordNames.outgoing));
  }

  /**
   * Sesame §3.3: a device that left its account's device list. Its sessions and sender keys go, so nothing of it is read any more,
   * and without a device list the next keys seen under its address are taken as new ones. The memory of its handshakes stays, so
   * that none is played again.
   */
  forgetDevice(address: DeviceAddress): Promise<void> {
    return this.#step(async (step) => {
      await removeAll(step, await senderKeysOf(this.#context, address));
      const { handshakes } = await readSession(step, address);
      if (handshakes.length > 0) writeSession(step, address, { ...EMPTY_RECORD, handshakes });
      else await removeAll(step, [recordNames.session(address)]);
    });
  }

  #remove(names: readonly RecordName[]): Promise<void> {
    return this.#step((step) => removeAll(step, names));
  }

  #step<Outcome>(operation: (step: DurableStep) => Promise<Outcome>): Promise<Outcome> {
    const next = this.#last.then(() => inOneStep(this.#context, operation));
    // The next operation waits for this one and does not care how it ended; the caller gets the failure.
    this.#last = next.catch(() => undefined);
    return next;
  }
}

async function removeAll(step: DurableStep, names: readonly RecordName[]): Promise<void> {
  for (const name of names) {
    if ((await step.read(name)) !== undefined) step.remove(name);
  }
}
