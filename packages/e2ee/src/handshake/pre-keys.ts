import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { Profile, SignedKeyKind } from '../profile/profile.ts';
import type { RatchetKeyPair } from '../ratchet/ratchet-state.ts';
import type { SignedKey } from './pre-key-bundle.ts';

export interface KemPreKeySecret {
  readonly publicKey: Uint8Array;
  /** ML-KEM-768 seed, 64 bytes. */
  readonly seed: SecretBytes;
}

/** The rotating keys: the signed pre-key and, beside it under the same id, the last-resort KEM key (R8). */
export interface RotatingPreKeys {
  readonly keyId: number;
  readonly createdAtMs: number;
  readonly signedPreKey: RatchetKeyPair;
  readonly lastResort: KemPreKeySecret;
}

/** One-time keys of one handshake: a curve key and a KEM key under one id, handed out together and deleted together. */
export interface OneTimePreKeys {
  readonly keyId: number;
  readonly curve: RatchetKeyPair;
  readonly kem: KemPreKeySecret;
}

export async function generateRotatingPreKeys(
  provider: CryptoProvider,
  keyId: number,
  nowMs: number,
): Promise<RotatingPreKeys> {
  const { curve, kem } = await generateOneTimePreKeys(provider, keyId);
  return { keyId, createdAtMs: nowMs, signedPreKey: curve, lastResort: kem };
}

export async function generateOneTimePreKeys(provider: CryptoProvider, keyId: number): Promise<OneTimePreKeys> {
  const pair = await provider.x25519.generate();
  const seed = provider.randomBytes(KEY_BYTES.mlKem768Seed);
  return {
    keyId,
    curve: { publicKey: pair.publicKey, secretKey: new SecretBytes(pair.secretKey) },
    kem: { publicKey: await provider.mlKem768.publicKey(seed), seed: new SecretBytes(seed) },
  };
}

export async function signPreKey(
  profile: Profile,
  self: DeviceIdentity,
  kind: SignedKeyKind,
  keyId: number,
  publicKey: Uint8Array,
): Promise<SignedKey> {
  return { keyId, publicKey, signature: await self.sign(profile.handshakes.preKeyMessage(kind, keyId, publicKey)) };
}

export function writeKeyPair(writer: ByteWriter, pair: RatchetKeyPair): void {
  writer.raw(pair.publicKey).raw(pair.secretKey.reveal());
}

export const readKeyPair = (reader: ByteReader): RatchetKeyPair => ({
  publicKey: reader.raw(KEY_BYTES.x25519),
  secretKey: new SecretBytes(reader.raw(KEY_BYTES.x25519)),
});

export function writeKemSecret(writer: ByteWriter, secret: KemPreKeySecret): void {
  writer.raw(secret.publicKey).raw(secret.seed.reveal());
}

export const readKemSecret = (reader: ByteReader): KemPreKeySecret => ({
  publicKey: reader.raw(KEY_BYTES.mlKem768PublicKey),
  seed: new SecretBytes(reader.raw(KEY_BYTES.mlKem768Seed)),
});
