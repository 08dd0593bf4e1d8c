/** The part of the interop peer's interface that is used here, so that the tree type-checks where the peer is not installed. */
declare module '@signalapp/libsignal-client' {
  export class PublicKey {
    static deserialize(bytes: Uint8Array): PublicKey;
    serialize(): Uint8Array;
    getPublicKeyBytes(): Uint8Array;
    verify(message: Uint8Array, signature: Uint8Array): boolean;
  }
  export class PrivateKey {
    static generate(): PrivateKey;
    static deserialize(bytes: Uint8Array): PrivateKey;
    serialize(): Uint8Array;
    sign(message: Uint8Array): Uint8Array;
    getPublicKey(): PublicKey;
  }
  export class ProtocolAddress {
    static new(name: string, deviceId: number): ProtocolAddress;
    toString(): string;
  }
  export class SessionRecord {
    static deserialize(bytes: Uint8Array): SessionRecord;
    serialize(): Uint8Array;
  }
  export class PreKeyRecord {
    static new(id: number, publicKey: PublicKey, privateKey: PrivateKey): PreKeyRecord;
  }
  export class SignedPreKeyRecord {
    static new(
      id: number,
      timestamp: number,
      publicKey: PublicKey,
      privateKey: PrivateKey,
      signature: Uint8Array,
    ): SignedPreKeyRecord;
  }
  export class PreKeyBundle {
    static new(
      registrationId: number,
      deviceId: number,
      preKeyId: number | null,
      preKey: PublicKey | null,
      signedPreKeyId: number,
      signedPreKey: PublicKey,
      signedPreKeySignature: Uint8Array,
      identityKey: PublicKey,
    ): PreKeyBundle;
  }
  export class CiphertextMessage {
    serialize(): Uint8Array;
    /** 2: a message of a session, 3: an initial message. */
    type(): number;
  }
  export class SignalMessage {
    static deserialize(bytes: Uint8Array): SignalMessage;
  }
  export class PreKeySignalMessage {
    static deserialize(bytes: Uint8Array): PreKeySignalMessage;
  }
  export abstract class SessionStore {}
  export abstract class IdentityKeyStore {}
  export abstract class PreKeyStore {}
  export abstract class SignedPreKeyStore {}
  export abstract class KyberPreKeyStore {}
  export function processPreKeyBundle(
    bundle: PreKeyBundle,
    address: ProtocolAddress,
    sessions: SessionStore,
    identities: IdentityKeyStore,
  ): Promise<void>;
  export function signalEncrypt(
    message: Uint8Array,
    address: ProtocolAddress,
    sessions: SessionStore,
    identities: IdentityKeyStore,
  ): Promise<CiphertextMessage>;
  export function signalDecrypt(
    message: SignalMessage,
    address: ProtocolAddress,
    sessions: SessionStore,
    identities: IdentityKeyStore,
  ): Promise<Uint8Array>;
  export function signalDecryptPreKey(
    message: PreKeySignalMessage,
    address: ProtocolAddress,
    sessions: SessionStore,
    identities: IdentityKeyStore,
    preKeys: PreKeyStore,
    signedPreKeys: SignedPreKeyStore,
    kyberPreKeys: KyberPreKeyStore,
  ): Promise<Uint8Array>;
  export class Fingerprint {
    static new(
      iterations: number,
      version: number,
      localIdentifier: Uint8Array,
      localKey: PublicKey,
      remoteIdentifier: Uint8Array,
      remoteKey: PublicKey,
    ): Fingerprint;
    displayableFingerprint(): { toString(): string };
  }
}
