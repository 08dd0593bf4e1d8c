import type { CryptoProvider } from '../src/crypto/crypto-provider.ts';
import { nodeProvider } from '../src/crypto/node-provider.ts';
import { initiateSession } from '../src/handshake/initiate.ts';
import type { PreKeyBundle } from '../src/handshake/pre-key-bundle.ts';
import { generateOneTimePreKeys, generateRotatingPreKeys, signPreKey } from '../src/handshake/pre-keys.ts';
import type { PreKeySecrets } from '../src/handshake/respond.ts';
import { type DeviceIdentity, generateIdentitySecrets, openIdentity } from '../src/identity/device-identity.ts';
import { productProfile } from '../src/profile/product-profile.ts';
import type { Profile } from '../src/profile/profile.ts';
import { type OpenOutcome, openPayload } from '../src/session/open-payload.ts';
import { type SessionEnds, sealInSession } from '../src/session/seal-in-session.ts';
import { EMPTY_RECORD, type SessionRecord, withNewSession, withSentSession } from '../src/session/session-record.ts';
import { readSessionRecord, writeSessionRecord } from '../src/session/session-record-codec.ts';
import { addressOf, CONVERSATION, NOW } from './people.ts';

/** One end of a session, with no device around it: the pure core, its state in serialised form between any two calls. */
export interface SessionPeer {
  readonly ends: SessionEnds;
  readonly preKeys: PreKeySecrets;
  readonly bundle: PreKeyBundle;
  /** The serialised record. */
  stored: Uint8Array;
}

export async function makeSessionPeers(
  profile: Profile = productProfile,
  provider: CryptoProvider = nodeProvider,
  isOneTime = true,
): Promise<readonly [SessionPeer, SessionPeer]> {
  const identities = await Promise.all(
    [addressOf(1), addressOf(2)].map(async (address) =>
      openIdentity(provider, address, await generateIdentitySecrets(provider)),
    ),
  );
  // The cast holds: two addresses give two identities.
  const [alice, bob] = identities as [DeviceIdentity, DeviceIdentity];
  return [
    await makePeer(profile, provider, alice, bob, isOneTime),
    await makePeer(profile, provider, bob, alice, isOneTime),
  ];
}

async function makePeer(
  profile: Profile,
  provider: CryptoProvider,
  self: DeviceIdentity,
  other: DeviceIdentity,
  isOneTime: boolean,
): Promise<SessionPeer> {
  const rotating = await generateRotatingPreKeys(provider, 1, NOW);
  const oneTime = await generateOneTimePreKeys(provider, 2);
  const kem = isOneTime ? oneTime.kem : rotating.lastResort;
  const kemSigned = await (isOneTime
    ? signPreKey(profile, self, 'kem_one_time', 2, kem.publicKey)
    : signPreKey(profile, self, 'kem_last_resort', 1, kem.publicKey));
  const isPostQuantum = profile.handshake === 'pqxdh';
  return {
    ends: { provider, profile, self, peer: other.address },
    preKeys: {
      signedPreKey: rotating.signedPreKey,
      oneTimePreKey: isOneTime ? oneTime.curve : undefined,
      kemPreKey: isPostQuantum ? kem : undefined,
    },
    bundle: {
      address: self.address,
      identity: self.publicIdentity,
      signedPreKey: await signPreKey(profile, self, 'signed_pre_key', 1, rotating.signedPreKey.publicKey),
      oneTimePreKey: isOneTime ? { keyId: 2, publicKey: oneTime.curve.publicKey } : undefined,
      kemPreKey: isPostQuantum ? { ...kemSigned, use: isOneTime ? 'one_time' : 'last_resort' } : undefined,
    },
    stored: writeSessionRecord(EMPTY_RECORD),
  };
}

export function recordOf(peer: SessionPeer): SessionRecord {
  const record = readSessionRecord(peer.stored);
  if (record === undefined) throw new Error('The session record does not read back.');
  return record;
}

export async function startSession(peer: SessionPeer, other: SessionPeer): Promise<void> {
  const { provider, profile, self } = peer.ends;
  const outcome = await initiateSession(provider, profile, self, other.bundle, NOW);
  if (outcome.kind === 'refused') throw new Error(`The bundle was refused: ${outcome.reason}.`);
  peer.stored = writeSessionRecord(withNewSession(recordOf(peer), outcome.session));
}

export async function sealFrom(peer: SessionPeer, text: string, conversation = CONVERSATION): Promise<Uint8Array> {
  const record = recordOf(peer);
  const [session] = record.sessions;
  if (session === undefined) throw new Error('There is no session to send with.');
  const outcome = await sealInSession(peer.ends, session, conversation, new TextEncoder().encode(text));
  if (outcome.kind === 'refused') throw new Error(`Sealing was refused: ${outcome.reason}.`);
  peer.stored = writeSessionRecord(withSentSession(record, session, outcome.session));
  return outcome.payload;
}

/** The text, or the reason of the refusal in brackets. Throws when a refusal is not without effect. */
export async function openAt(peer: SessionPeer, payload: Uint8Array, conversation = CONVERSATION): Promise<string> {
  const record = recordOf(peer);
  const outcome: OpenOutcome = await openPayload(peer.ends, {
    record,
    conversation,
    payload,
    findPreKeys: async () => peer.preKeys,
    expectedIdentity: undefined,
    nowMs: NOW,
  });
  if (outcome.kind === 'refused') {
    if (Buffer.compare(writeSessionRecord(record), peer.stored) !== 0) throw new Error('A refusal changed the state.');
    return `[${outcome.reason}]`;
  }
  peer.stored = writeSessionRecord(outcome.record);
  return new TextDecoder().decode(outcome.plaintext);
}
