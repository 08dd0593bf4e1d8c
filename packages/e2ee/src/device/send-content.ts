import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import { type Content, writeContent } from './content.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { deliveryTo, type OutgoingRecord, readOutgoing, writeOutgoing } from './outgoing-record.ts';
import { requireConversation, requireMessageId } from './require-short.ts';
import { type Recipient, type SealRefusal, sealForDevice } from './seal-for-device.ts';
import { readParsed, readSession, writeSession } from './session-records.ts';

export const MESSAGE_ID_REUSED =
  'This message id belongs to another conversation. Nothing was done; make a new id for a new message.';

export interface SendRequest {
  /** The `client_msg_id`: the same id always gives the same payloads. At most 200 bytes. */
  readonly messageId: string;
  /** Id of the conversation; authenticated, not sent. */
  readonly conversation: string;
  readonly recipients: readonly Recipient[];
  /** Unix ms. */
  readonly nowMs: number;
}

export interface DevicePayload {
  readonly address: DeviceAddress;
  /** Opaque to the server. */
  readonly payload: Uint8Array;
}

export type SendOutcome =
  /** Durable: hand these to the transport now or after any crash; asking again gives the same bytes. */
  | { readonly kind: 'sealed'; readonly payloads: readonly DevicePayload[] }
  /** Nothing was done. Fetch a bundle for each and ask again. */
  | { readonly kind: 'bundles_needed'; readonly addresses: readonly DeviceAddress[] }
  /** Nothing was done. The keys that the server gave for this device are not acceptable. */
  | { readonly kind: 'refused'; readonly address: DeviceAddress; readonly reason: SealRefusal }
  | { readonly kind: 'refused'; readonly address: undefined; readonly reason: 'too_large' | 'too_many_recipients' };

/**
 * Encrypts content for devices and writes session states and payloads in one step (R5). Devices that the message was encrypted for
 * before get the stored payload; new ones (the device list has changed) get one of their own.
 */
export async function sendContent(
  context: DeviceContext,
  step: DurableStep,
  request: SendRequest,
  content: Content,
): Promise<SendOutcome> {
  requireMessageId(request.messageId);
  requireConversation(request.conversation);
  const plaintext = writeContent(content);
  if (plaintext.length > E2EE_LIMITS.plaintextBytesMax)
    return { kind: 'refused', address: undefined, reason: 'too_large' };
  const name = recordNames.outgoing(request.messageId);
  const stored = await readParsed(step, name, readOutgoing);
  if (stored !== undefined && stored.conversation !== request.conversation) throw new Error(MESSAGE_ID_REUSED);
  const base: OutgoingRecord = stored ?? {
    conversation: request.conversation,
    content,
    senderKeyId: undefined,
    deliveries: [],
  };
  const missing = eachOnce(request.recipients).filter(({ address }) => deliveryTo(base, address) === undefined);
  const isTooMany =
    missing.length > E2EE_LIMITS.recipientsPerStepMax ||
    base.deliveries.length + missing.length > E2EE_LIMITS.deliveriesMax;
  if (isTooMany) return { kind: 'refused', address: undefined, reason: 'too_many_recipients' };

  const sealed = await sealForAll(context, step, request, base, missing);
  if (sealed.kind !== 'sealed') return sealed;
  const outgoing = { ...base, deliveries: [...base.deliveries, ...sealed.deliveries] };
  if (missing.length > 0) {
    for (const { address, record } of sealed.sessions) writeSession(step, address, record);
    step.write(name, writeOutgoing(outgoing));
  }
  const asked = new Set(request.recipients.map(({ address }) => addressKey(address)));
  return { kind: 'sealed', payloads: outgoing.deliveries.filter(({ address }) => asked.has(addressKey(address))) };
}

/** Sealing twice from one stored state would use its keys twice. */
const eachOnce = (recipients: readonly Recipient[]): readonly Recipient[] => [
  ...new Map(recipients.map((recipient) => [addressKey(recipient.address), recipient])).values(),
];

async function sealForAll(
  context: DeviceContext,
  step: DurableStep,
  request: SendRequest,
  { conversation, content }: OutgoingRecord,
  recipients: readonly Recipient[],
) {
  // The stored content counts: the same message id never names two texts.
  const plaintext = writeContent(content);
  const sessions: { address: DeviceAddress; record: Awaited<ReturnType<typeof readSession>> }[] = [];
  const deliveries: OutgoingRecord['deliveries'][number][] = [];
  const withoutBundle: DeviceAddress[] = [];
  for (const recipient of recipients) {
    const { address } = recipient;
    const record = await readSession(step, address);
    const outcome = await sealForDevice(context, record, recipient, conversation, plaintext, request.nowMs);
    switch (outcome.kind) {
      case 'bundle_needed':
        withoutBundle.push(address);
        break;
      case 'refused':
        return { kind: 'refused', address, reason: outcome.reason } as const;
      case 'sealed':
        sessions.push({ address, record: outcome.record });
        deliveries.push({ address, payload: outcome.payload, resends: 0, answers: '' });
    }
  }
  if (withoutBundle.length > 0) return { kind: 'bundles_needed', addresses: withoutBundle } as const;
  return { kind: 'sealed', sessions, deliveries } as const;
}
