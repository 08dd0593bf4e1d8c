import type { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import type { PublicIdentity } from '../identity/device-identity.ts';

/**
 * Everything that may differ between the protocol that ships and the one that outside code can check: labels, cipher and header
 * codec. The ratchet, the handshake and the session rules know only this interface, so a check of them in one profile is a check
 * in all.
 */
export interface Profile {
  readonly name: string;
  /** `x3dh` has no KEM; `pqxdh` refuses a bundle without one. */
  readonly handshake: 'x3dh' | 'pqxdh';
  /** Messages between two ML-KEM refreshes of a session; `undefined`: the profile has none. */
  readonly kemRefreshMessages: number | undefined;
  readonly chains: ChainDerivation;
  readonly messages: MessageFormat;
  readonly handshakes: HandshakeFormat;
}

/** Double Ratchet §2.2-2.3 and §5.2: the key derivation chains. */
export interface ChainDerivation {
  /** KDF_RK. `sharedSecrets`: the Diffie-Hellman output, followed by a KEM secret in a refresh. */
  nextRoot(provider: CryptoProvider, rootKey: SecretBytes, sharedSecrets: readonly Uint8Array[]): RootStep;
  /** KDF_CK. */
  nextChain(provider: CryptoProvider, chainKey: SecretBytes): ChainStep;
}

export interface RootStep {
  readonly rootKey: SecretBytes;
  readonly chainKey: SecretBytes;
}

export interface ChainStep {
  readonly chainKey: SecretBytes;
  readonly messageKey: SecretBytes;
}

/** Field of a header that carries a KEM refresh, the same in every message of one sending chain. */
export type KemField =
  | { readonly kind: 'offer'; readonly publicKey: Uint8Array }
  | { readonly kind: 'answer'; readonly ciphertext: Uint8Array };

export interface RatchetHeader {
  /** X25519, 32 bytes. */
  readonly ratchetKey: Uint8Array;
  /** Place in the sending chain, from 0. */
  readonly counter: number;
  /** Messages in the sender's previous chain; `undefined` when the format does not tell exactly. */
  readonly previousCount: number | undefined;
  readonly kem: KemField | undefined;
}

export interface RatchetMessage {
  readonly header: RatchetHeader;
  /** Names the session, so that no key but one is ever tried on a ciphertext; `undefined` when the format has none. */
  readonly sessionTag: Uint8Array | undefined;
  /** The header as it came and the sealed part; the layout is the format's own. */
  readonly headerBytes: Uint8Array;
  readonly sealed: Uint8Array;
}

/** One end of a session as the associated data sees it. */
export interface Party {
  readonly address: DeviceAddress;
  readonly identity: PublicIdentity;
}

export interface MessageFormat {
  /** What both ends know and no message carries: identities, devices, the conversation (R2). */
  associatedData(sender: Party, receiver: Party, conversation: string): Uint8Array;
  /** The whole message. `previousCount` of the header is always given here. */
  seal(
    provider: CryptoProvider,
    messageKey: SecretBytes,
    sessionTag: Uint8Array,
    header: RatchetHeader & { readonly previousCount: number },
    associatedData: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  /** `undefined`: not a message of this profile. Nothing is authentic yet. */
  parse(bytes: Uint8Array): RatchetMessage | undefined;
  /** `undefined`: not authentic. */
  open(
    provider: CryptoProvider,
    messageKey: SecretBytes,
    message: RatchetMessage,
    associatedData: Uint8Array,
  ): Uint8Array | undefined;
}

/** Which pre-keys of the responder an initiator used. */
export interface UsedPreKeys {
  readonly signedPreKeyId: number;
  /** X3DH §3.2: absent when the server had none left. */
  readonly oneTimePreKeyId: number | undefined;
  readonly kem:
    | { readonly use: 'one_time' | 'last_resort'; readonly keyId: number; readonly ciphertext: Uint8Array }
    | undefined;
}

/** What stands before each message of an initiator until the responder answers (X3DH §3.3, PQXDH §3.3). */
export interface InitialFields {
  readonly identity: PublicIdentity;
  /** The initiator's ephemeral X25519 key, 32 bytes. It names the handshake. */
  readonly baseKey: Uint8Array;
  readonly used: UsedPreKeys;
}

export interface InitialMessage extends InitialFields {
  /** A `RatchetMessage` in its bytes. */
  readonly message: Uint8Array;
}

export type SignedKeyKind = 'signed_pre_key' | 'kem_one_time' | 'kem_last_resort';

/** What a handshake has agreed on, bound into the root key where the format allows it. */
export interface Transcript {
  readonly initiator: Party;
  readonly responder: Party;
  readonly baseKey: Uint8Array;
  readonly signedPreKey: Uint8Array;
  readonly oneTimePreKey: Uint8Array | undefined;
  readonly kemPublicKey: Uint8Array | undefined;
  readonly used: UsedPreKeys;
}

export interface HandshakeFormat {
  /** Whether the identity is sound and belongs to the address. */
  verifyIdentity(provider: CryptoProvider, party: Party): Promise<boolean>;
  /** The bytes that the identity key signs for a pre-key. */
  preKeyMessage(kind: SignedKeyKind, keyId: number, publicKey: Uint8Array): Uint8Array;
  verifySignature(
    provider: CryptoProvider,
    identity: PublicIdentity,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean>;
  /** X3DH §2.2 KDF over DH1 || DH2 || DH3 [|| DH4] [|| KEM secret]; `sessionTag` has 8 bytes. */
  deriveSession(
    provider: CryptoProvider,
    secrets: readonly Uint8Array[],
    transcript: Transcript,
  ): { readonly rootKey: SecretBytes; readonly sessionTag: Uint8Array };
  encodeInitial(initial: InitialMessage): Uint8Array;
  parseInitial(bytes: Uint8Array): InitialMessage | undefined;
  /** Looks at the first bytes only. */
  isInitial(bytes: Uint8Array): boolean;
}
