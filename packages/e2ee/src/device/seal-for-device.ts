import { type InitiateOutcome, initiateSession } from '../handshake/initiate.ts';
import type { PreKeyBundle } from '../handshake/pre-key-bundle.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import { isSameIdentity, type PublicIdentity } from '../identity/device-identity.ts';
import { sealInSession } from '../session/seal-in-session.ts';
import {
  knownIdentity,
  type SessionRecord,
  sessionToSendWith,
  withNewSession,
  withSentSession,
} from '../session/session-record.ts';
import type { DeviceContext } from './device-context.ts';

/** A device to encrypt for. */
export interface Recipient {
  readonly address: DeviceAddress;
  /** Its keys according to its account's signed device list. `undefined`: those of the session there is, or of the first handshake. */
  readonly expectedIdentity: PublicIdentity | undefined;
  /** Needed only where there is no session yet. */
  readonly bundle: PreKeyBundle | undefined;
}

export type SealRefusal =
  | Extract<InitiateOutcome, { kind: 'refused' }>['reason']
  /** The bundle's keys are not those of the device list, or the bundle is another device's. */
  | 'identity_unexpected';

export type SealForDeviceOutcome =
  | { readonly kind: 'sealed'; readonly payload: Uint8Array; readonly record: SessionRecord }
  | { readonly kind: 'bundle_needed' }
  | { readonly kind: 'refused'; readonly reason: SealRefusal };

/** Encrypts one plaintext for one device, opening a session from the bundle where there is none to send with. */
export async function sealForDevice(
  context: DeviceContext,
  record: SessionRecord,
  given: Recipient,
  conversation: string,
  plaintext: Uint8Array,
  nowMs: number,
): Promise<SealForDeviceOutcome> {
  const recipient = { ...given, expectedIdentity: given.expectedIdentity ?? knownIdentity(record) };
  const ends = { ...context, peer: recipient.address };
  const active = sessionToSendWith(record, nowMs);
  if (active !== undefined && isExpected(recipient, active.peerIdentity)) {
    const outcome = await sealInSession(ends, active, conversation, plaintext);
    if (outcome.kind === 'sealed') {
      return { kind: 'sealed', payload: outcome.payload, record: withSentSession(record, active, outcome.session) };
    }
  }
  const opened = await openSession(context, recipient, nowMs);
  if (opened.kind !== 'opened') return opened;
  const sealed = await sealInSession(ends, opened.session, conversation, plaintext);
  if (sealed.kind === 'refused') return { kind: 'refused', reason: 'key_unusable' };
  return { kind: 'sealed', payload: sealed.payload, record: withNewSession(record, sealed.session) };
}

async function openSession(context: DeviceContext, recipient: Recipient, nowMs: number) {
  const { bundle, address } = recipient;
  if (bundle === undefined) return { kind: 'bundle_needed' } as const;
  const isForDevice = bundle.address.userId === address.userId && bundle.address.deviceId === address.deviceId;
  if (!isForDevice || !isExpected(recipient, bundle.identity)) {
    return { kind: 'refused', reason: 'identity_unexpected' } as const;
  }
  return initiateSession(context.provider, context.profile, context.self, bundle, nowMs);
}

const isExpected = ({ expectedIdentity }: Recipient, identity: PublicIdentity): boolean =>
  expectedIdentity === undefined || isSameIdentity(expectedIdentity, identity);
