import { readersOf, readOwnSenderKey } from '../groups/sender-key-codec.ts';
import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { knownIdentity } from '../session/session-record.ts';
import { recordNames } from '../store/record-names.ts';
import { writeContent } from './content.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { deliveryTo, type OutgoingRecord, readOutgoing, writeOutgoing } from './outgoing-record.ts';
import { requireConversation, requireItemId, requireMessageId } from './require-short.ts';
import { type Recipient, type SealForDeviceOutcome, sealForDevice } from './seal-for-device.ts';
import { readParsed, readSession, writeSession } from './session-records.ts';

export interface ResendRequestDraft {
  /** The item that could not be read: asking again for the same item gives the same payload, another item gets its own. */
  readonly itemId: string;
  /** The message that could not be read. */
  readonly messageId: string;
  readonly conversation: string;
  /** The device that sent it, with a bundle: the request travels on a fresh session. */
  readonly sender: Recipient;
  /** Unix ms. */
  readonly nowMs: number;
}

/** The message id of the request, for the transport and for `settleOutgoing`. */
export const resendRequestId = (itemId: string): string => `resend_request/${itemId}`;

export type HealOutcome =
  | { readonly kind: 'sealed'; readonly payload: Uint8Array }
  | Exclude<SealForDeviceOutcome, { kind: 'sealed' }>;

/**
 * The decryption-error receipt (R7). It is the first message of a fresh session, so it is authentic and deniable, and the sender's
 * new ciphertext comes back on a session that is known to work. Further receipts within `healingIntervalMs` ride on that session:
 * a flood of bad messages must not drain the sender's one-time keys.
 */
export async function requestResend(
  context: DeviceContext,
  step: DurableStep,
  { itemId, messageId, conversation, sender, nowMs }: ResendRequestDraft,
): Promise<HealOutcome> {
  requireMessageId(messageId);
  requireItemId(itemId);
  requireConversation(conversation);
  const name = recordNames.outgoing(resendRequestId(itemId));
  const stored = await readParsed(step, name, readOutgoing);
  const sent = stored && deliveryTo(stored, sender.address);
  if (sent !== undefined) return { kind: 'sealed', payload: sent.payload };

  const record = await readSession(step, sender.address);
  const isFresh = nowMs - record.healedAtMs < E2EE_LIMITS.healingIntervalMs && record.healedAtMs <= nowMs;
  // Without an active session in it, the record makes `sealForDevice` open one.
  const base = isFresh ? record : { ...record, sessions: [] };
  const content = { kind: 'resend_request', messageId } as const;
  const known = { ...sender, expectedIdentity: sender.expectedIdentity ?? knownIdentity(record) };
  const outcome = await sealForDevice(context, base, known, conversation, writeContent(content), nowMs);
  if (outcome.kind !== 'sealed') return outcome;

  const sessions = isFresh ? outcome.record.sessions : [...outcome.record.sessions, ...record.sessions];
  writeSession(step, sender.address, {
    ...outcome.record,
    sessions: sessions.slice(0, E2EE_LIMITS.archivedSessionsMax + 1),
    healedAtMs: isFresh ? record.healedAtMs : nowMs,
  });
  const deliveries = [{ address: sender.address, payload: outcome.payload, resends: 0, answers: '' }];
  step.write(name, writeOutgoing({ conversation, content, senderKeyId: undefined, deliveries }));
  return { kind: 'sealed', payload: outcome.payload };
}

export interface ResendOrder {
  /** The item that brought the request: the same request always gets the same payload (R5). */
  readonly itemId: string;
  /** From the resend request. */
  readonly messageId: string;
  /** The device that asked. */
  readonly recipient: Recipient;
  /** Unix ms. */
  readonly nowMs: number;
}

export type ResendOutcome =
  | HealOutcome
  /** The message is settled or was never meant for this device: nothing is sent. */
  | { readonly kind: 'not_available' }
  | { readonly kind: 'too_many_resends' };

/**
 * Encrypts a message anew for a device that could not read it: only for a device that it was encrypted for the first time, at most
 * `resendsMax` times. A group message comes back through the session with that device.
 */
export async function resend(
  context: DeviceContext,
  step: DurableStep,
  { itemId, messageId, recipient, nowMs }: ResendOrder,
): Promise<ResendOutcome> {
  requireItemId(itemId);
  const name = recordNames.outgoing(messageId);
  const outgoing = await readParsed(step, name, readOutgoing);
  if (outgoing === undefined) return { kind: 'not_available' };
  const delivery = deliveryTo(outgoing, recipient.address);
  const isEntitled = delivery !== undefined || (await hadSenderKey(step, outgoing, recipient.address));
  if (!isEntitled) return { kind: 'not_available' };
  if (delivery?.answers === itemId) return { kind: 'sealed', payload: delivery.payload };
  const resends = delivery?.resends ?? 0;
  if (resends >= E2EE_LIMITS.resendsMax) return { kind: 'too_many_resends' };

  const { conversation, content } = outgoing;
  const record = await readSession(step, recipient.address);
  const outcome = await sealForDevice(context, record, recipient, conversation, writeContent(content), nowMs);
  if (outcome.kind !== 'sealed') return outcome;
  writeSession(step, recipient.address, outcome.record);
  const others = outgoing.deliveries.filter((each) => each !== delivery);
  const resent = { address: recipient.address, payload: outcome.payload, resends: resends + 1, answers: itemId };
  step.write(name, writeOutgoing({ ...outgoing, deliveries: [...others, resent] }));
  return { kind: 'sealed', payload: outcome.payload };
}

async function hadSenderKey(step: DurableStep, outgoing: OutgoingRecord, device: DeviceAddress): Promise<boolean> {
  if (outgoing.senderKeyId === undefined) return false;
  const record = await readParsed(step, recordNames.ownSenderKey(outgoing.conversation), readOwnSenderKey);
  const readers = record === undefined ? [] : readersOf(record, outgoing.senderKeyId);
  return readers.some((reader) => addressKey(reader) === addressKey(device));
}
