import {
  type DeviceIdentity,
  EMPTY_SESSION_RECORD,
  initiateSession,
  openPayload,
  type PreKeySecrets,
  readSessionRecord,
  SecretBytes,
  type SessionEnds,
  type SessionRecord,
  sealInSession,
  sessionToSendWith,
  withNewSession,
  withSentSession,
  writeSessionRecord,
} from '@parley/e2ee';
import { nodeProvider as provider } from '@parley/e2ee/node';
import { openSignalIdentity, signalProfile as profile } from '@parley/e2ee/signal';
import { makeDeviceId, makeUserId } from '@parley/protocol';
import type { Peer, RawBundle } from './peer.ts';

const SIGNED_PRE_KEY_ID = 3;
const ONE_TIME_PRE_KEY_ID = 9;
const NOW = 0;

const SELF = { userId: makeUserId(1n), deviceId: makeDeviceId(1n) };
const REMOTE = { userId: makeUserId(2n), deviceId: makeDeviceId(1n) };

const newPair = async () => {
  const { publicKey, secretKey } = await provider.x25519.generate();
  return { publicKey, secretKey: new SecretBytes(secretKey) };
};

export interface ParleyPeer extends Peer {
  readonly bundle: RawBundle;
  start(bundle: RawBundle): Promise<void>;
}

/** This project's core in Signal's profile. The record goes through its serialised form before every operation. */
export async function makeParleyPeer(hasOneTimePreKey: boolean): Promise<ParleyPeer> {
  const self: DeviceIdentity = await openSignalIdentity(provider, SELF, new SecretBytes(provider.randomBytes(32)));
  const ends: SessionEnds = { provider, profile, self, peer: REMOTE };
  const signedPreKey = await newPair();
  const oneTimePreKey = hasOneTimePreKey ? await newPair() : undefined;
  const signature = await self.sign(
    profile.handshakes.preKeyMessage('signed_pre_key', SIGNED_PRE_KEY_ID, signedPreKey.publicKey),
  );
  const preKeys: PreKeySecrets = { signedPreKey, oneTimePreKey, kemPreKey: undefined };
  let stored = writeSessionRecord(EMPTY_SESSION_RECORD);

  const load = (): SessionRecord => {
    const record = readSessionRecord(stored);
    if (record === undefined) throw new Error('The session record does not read back.');
    return record;
  };

  return {
    name: 'parley',
    bundle: {
      identityKey: self.publicIdentity.agreementKey,
      signedPreKey: { keyId: SIGNED_PRE_KEY_ID, publicKey: signedPreKey.publicKey, signature },
      oneTimePreKey: oneTimePreKey && { keyId: ONE_TIME_PRE_KEY_ID, publicKey: oneTimePreKey.publicKey },
    },
    async start({ identityKey, ...keys }) {
      const identity = { signingKey: identityKey, agreementKey: identityKey, binding: new Uint8Array(0) };
      const bundle = { address: REMOTE, identity, ...keys, kemPreKey: undefined };
      const outcome = await initiateSession(provider, profile, self, bundle, NOW);
      if (outcome.kind === 'refused') throw new Error(`The bundle was refused: ${outcome.reason}.`);
      stored = writeSessionRecord(withNewSession(load(), outcome.session));
    },
    async seal(plaintext) {
      const record = load();
      const session = sessionToSendWith(record, NOW);
      if (session === undefined) throw new Error('There is no session to send with.');
      const outcome = await sealInSession(ends, session, '', plaintext);
      if (outcome.kind === 'refused') throw new Error(`Sealing was refused: ${outcome.reason}.`);
      stored = writeSessionRecord(withSentSession(record, session, outcome.session));
      return outcome.payload;
    },
    async open(payload) {
      const before = stored;
      const outcome = await openPayload(ends, {
        record: load(),
        conversation: '',
        payload,
        findPreKeys: async () => preKeys,
        expectedIdentity: undefined,
        nowMs: NOW,
      });
      if (outcome.kind === 'refused') {
        if (stored !== before) throw new Error('A refused message has changed the state.');
        return undefined;
      }
      stored = writeSessionRecord(outcome.record);
      return outcome.plaintext;
    },
  };
}
