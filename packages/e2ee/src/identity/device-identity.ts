import { ByteWriter } from '../bytes/byte-writer.ts';
import { EMPTY, equalBytes } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import { type DeviceAddress, writeAddress } from './device-address.ts';

/**
 * The public half of a device's long-term keys (R1): an Ed25519 key that signs and an X25519 key that agrees.
 * `binding` is the signing key's signature over the agreement key and the device's address. An X25519 key cannot sign; it
 * vouches for the signing key by every session: both keys go into the handshake's transcript.
 */
export interface PublicIdentity {
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly agreementKey: Uint8Array;
  /** Ed25519 signature, 64 bytes. */
  readonly binding: Uint8Array;
}

/**
 * The secret half, as two operations: it may stand for keys that cannot be exported (WebCrypto, a secure element).
 * `agree` gives `undefined` for a peer key of low order.
 */
export interface DeviceIdentity {
  readonly address: DeviceAddress;
  readonly publicIdentity: PublicIdentity;
  /** X25519, RFC 7748. */
  agree(peerPublicKey: Uint8Array): Promise<Uint8Array | undefined>;
  /** Ed25519, RFC 8032. The message already carries its domain label. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The secrets of an identity whose keys are bytes: keep them encrypted at rest, see `StateVault`. */
export interface IdentitySecrets {
  /** Ed25519 seed, 32 bytes. */
  readonly signingSeed: SecretBytes;
  /** X25519 secret key, 32 bytes. */
  readonly agreementSecret: SecretBytes;
}

/** Fresh keys from the provider's random generator. */
export async function generateIdentitySecrets(provider: CryptoProvider): Promise<IdentitySecrets> {
  return {
    signingSeed: new SecretBytes(provider.randomBytes(KEY_BYTES.ed25519)),
    agreementSecret: new SecretBytes((await provider.x25519.generate()).secretKey),
  };
}

const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));

/** An identity on secrets held in memory. */
export async function openIdentity(
  provider: CryptoProvider,
  address: DeviceAddress,
  secrets: IdentitySecrets,
): Promise<DeviceIdentity> {
  const signingSeed = secrets.signingSeed.reveal();
  const agreementSecret = secrets.agreementSecret.reveal();
  const signingKey = await provider.ed25519.publicKey(signingSeed);
  const agreementKey = (await provider.x25519.sharedSecret(agreementSecret, BASE_POINT)) ?? EMPTY;
  const binding = await provider.ed25519.sign(signingSeed, bindingMessage(address, signingKey, agreementKey));
  return {
    address,
    publicIdentity: { signingKey, agreementKey, binding },
    agree: (peerPublicKey) => provider.x25519.sharedSecret(agreementSecret, peerPublicKey),
    sign: (message) => provider.ed25519.sign(signingSeed, message),
  };
}

/** What `PublicIdentity.binding` signs. */
export function bindingMessage(address: DeviceAddress, signingKey: Uint8Array, agreementKey: Uint8Array): Uint8Array {
  const writer = new ByteWriter().text('Parley device identity v1');
  writeAddress(writer, address);
  return writer.sized(signingKey).sized(agreementKey).finish();
}

/** Whether the two keys belong together and to this device. */
export async function verifyIdentityBinding(
  provider: CryptoProvider,
  address: DeviceAddress,
  identity: PublicIdentity,
): Promise<boolean> {
  const message = bindingMessage(address, identity.signingKey, identity.agreementKey);
  return provider.ed25519.verify(identity.signingKey, message, identity.binding);
}

/** Compares the keys; the binding is a signature and may be made anew. */
export const isSameIdentity = (one: PublicIdentity, other: PublicIdentity): boolean =>
  equalBytes(one.signingKey, other.signingKey) && equalBytes(one.agreementKey, other.agreementKey);
