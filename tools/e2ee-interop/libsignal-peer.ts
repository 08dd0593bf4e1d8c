import * as signal from '@signalapp/libsignal-client';
import type { Peer, RawBundle } from './peer.ts';

/** The stores that libsignal calls back into, all in memory. Sessions go through their serialised form, as in a real application. */
class Sessions extends signal.SessionStore {
  #record: Uint8Array | undefined;

  async saveSession(_name: signal.ProtocolAddress, record: signal.SessionRecord): Promise<void> {
    this.#record = record.serialize();
  }
  async getSession(): Promise<signal.SessionRecord | null> {
    return this.#record === undefined ? null : signal.SessionRecord.deserialize(this.#record);
  }
  async getExistingSessions(): Promise<signal.SessionRecord[]> {
    return [];
  }
}

class Identities extends signal.IdentityKeyStore {
  readonly key: signal.PrivateKey;

  constructor(key: signal.PrivateKey) {
    super();
    this.key = key;
  }
  async getIdentityKey(): Promise<signal.PrivateKey> {
    return this.key;
  }
  async getLocalRegistrationId(): Promise<number> {
    return 1;
  }
  async saveIdentity(): Promise<number> {
    return 0;
  }
  async isTrustedIdentity(): Promise<boolean> {
    return true;
  }
  async getIdentity(): Promise<null> {
    return null;
  }
}

class PreKeys extends signal.PreKeyStore {
  readonly records = new Map<number, signal.PreKeyRecord>();

  async savePreKey(): Promise<void> {}
  async getPreKey(id: number): Promise<signal.PreKeyRecord> {
    const record = this.records.get(id);
    if (record === undefined) throw new Error(`There is no pre-key ${id}.`);
    return record;
  }
  async removePreKey(id: number): Promise<void> {
    this.records.delete(id);
  }
}

class SignedPreKeys extends signal.SignedPreKeyStore {
  readonly record: signal.SignedPreKeyRecord;

  constructor(record: signal.SignedPreKeyRecord) {
    super();
    this.record = record;
  }
  async saveSignedPreKey(): Promise<void> {}
  async getSignedPreKey(): Promise<signal.SignedPreKeyRecord> {
    return this.record;
  }
}

class KyberPreKeys extends signal.KyberPreKeyStore {
  async saveKyberPreKey(): Promise<void> {}
  async getKyberPreKey(): Promise<never> {
    throw new Error('This protocol version has no Kyber pre-keys.');
  }
  async markKyberPreKeyUsed(): Promise<void> {}
}

const SIGNED_PRE_KEY_ID = 7;
const ONE_TIME_PRE_KEY_ID = 31;

export interface LibsignalPeer extends Peer {
  readonly bundle: RawBundle;
  start(bundle: RawBundle): Promise<void>;
}

export function makeLibsignalPeer(hasOneTimePreKey: boolean): LibsignalPeer {
  const remote = signal.ProtocolAddress.new('parley', 1);
  const identity = signal.PrivateKey.generate();
  const signedPreKey = signal.PrivateKey.generate();
  const oneTimePreKey = signal.PrivateKey.generate();
  const signature = identity.sign(signedPreKey.getPublicKey().serialize());
  const sessions = new Sessions();
  const identities = new Identities(identity);
  const preKeys = new PreKeys();
  if (hasOneTimePreKey) {
    preKeys.records.set(
      ONE_TIME_PRE_KEY_ID,
      signal.PreKeyRecord.new(ONE_TIME_PRE_KEY_ID, oneTimePreKey.getPublicKey(), oneTimePreKey),
    );
  }
  const signedPreKeys = new SignedPreKeys(
    signal.SignedPreKeyRecord.new(SIGNED_PRE_KEY_ID, 0, signedPreKey.getPublicKey(), signedPreKey, signature),
  );

  const decrypt = (payload: Uint8Array): Promise<Uint8Array> => {
    const bytes = Buffer.from(payload);
    // The first field of a message is its ratchet key (tag 0x0a); an initial message never begins so.
    if (bytes[1] === 0x0a) {
      return signal.signalDecrypt(signal.SignalMessage.deserialize(bytes), remote, sessions, identities);
    }
    const initial = signal.PreKeySignalMessage.deserialize(bytes);
    return signal.signalDecryptPreKey(
      initial,
      remote,
      sessions,
      identities,
      preKeys,
      signedPreKeys,
      new KyberPreKeys(),
    );
  };

  return {
    name: 'libsignal',
    bundle: {
      identityKey: identity.getPublicKey().getPublicKeyBytes(),
      signedPreKey: {
        keyId: SIGNED_PRE_KEY_ID,
        publicKey: signedPreKey.getPublicKey().getPublicKeyBytes(),
        signature,
      },
      oneTimePreKey: hasOneTimePreKey
        ? { keyId: ONE_TIME_PRE_KEY_ID, publicKey: oneTimePreKey.getPublicKey().getPublicKeyBytes() }
        : undefined,
    },
    async start(bundle) {
      const keyOf = (raw: Uint8Array) => signal.PublicKey.deserialize(Buffer.from([5, ...raw]));
      const { signedPreKey: signed, oneTimePreKey: oneTime } = bundle;
      const preKeyBundle = signal.PreKeyBundle.new(
        1,
        1,
        oneTime?.keyId ?? null,
        oneTime === undefined ? null : keyOf(oneTime.publicKey),
        signed.keyId,
        keyOf(signed.publicKey),
        Buffer.from(signed.signature),
        keyOf(bundle.identityKey),
      );
      await signal.processPreKeyBundle(preKeyBundle, remote, sessions, identities);
    },
    seal: async (plaintext) =>
      (await signal.signalEncrypt(Buffer.from(plaintext), remote, sessions, identities)).serialize(),
    async open(payload) {
      try {
        return await decrypt(payload);
      } catch {
        return undefined;
      }
    },
  };
}
