import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import type { PublicIdentity } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { Profile } from '../profile/profile.ts';

/** The public keys with which anyone can open a session with a device that is offline (X3DH §3.2, PQXDH §3.2). */
export interface PreKeyBundle {
  readonly address: DeviceAddress;
  readonly identity: PublicIdentity;
  readonly signedPreKey: SignedKey;
  /** X25519; handed out once. Absent when the server has none left. */
  readonly oneTimePreKey: { readonly keyId: number; readonly publicKey: Uint8Array } | undefined;
  /** ML-KEM-768: one-time, or the last-resort key that serves everyone until it is rotated. */
  readonly kemPreKey: (SignedKey & { readonly use: 'one_time' | 'last_resort' }) | undefined;
}

export interface SignedKey {
  readonly keyId: number;
  readonly publicKey: Uint8Array;
  /** By the identity's signing key over `preKeyMessage`. */
  readonly signature: Uint8Array;
}

export type BundleRefusal =
  /** The identity's two keys do not vouch for each other, or belong to another device. */
  | 'identity_not_bound'
  | 'signature_wrong'
  | 'key_length_wrong'
  | 'key_id_wrong'
  /** The profile asks for a KEM key and there is none: a server that strips it is not obeyed. */
  | 'kem_key_missing';

/**
 * Checks all that can be checked without secrets: lengths, the identity's binding, both signatures. `undefined`: the bundle is sound.
 * For the side that fetched it; the device that made it and a server that wants to validate uploads run the same check.
 */
export async function refusalOfBundle(
  provider: CryptoProvider,
  profile: Profile,
  bundle: PreKeyBundle,
): Promise<BundleRefusal | undefined> {
  const { signedPreKey, oneTimePreKey, kemPreKey, identity } = bundle;
  const curveKeys = [identity.agreementKey, signedPreKey.publicKey, oneTimePreKey?.publicKey];
  if (curveKeys.some((key) => key !== undefined && key.length !== KEY_BYTES.x25519)) return 'key_length_wrong';
  const keyIds = [signedPreKey.keyId, oneTimePreKey?.keyId, kemPreKey?.keyId];
  if (keyIds.some((keyId) => keyId !== undefined && !isKeyId(keyId))) return 'key_id_wrong';
  if (!(await profile.handshakes.verifyIdentity(provider, bundle))) return 'identity_not_bound';
  if (!(await isSigned(provider, profile, identity, 'signed_pre_key', signedPreKey))) return 'signature_wrong';
  if (profile.handshake === 'x3dh') return undefined;

  if (kemPreKey === undefined) return 'kem_key_missing';
  if (kemPreKey.publicKey.length !== KEY_BYTES.mlKem768PublicKey) return 'key_length_wrong';
  const kind = kemPreKey.use === 'one_time' ? 'kem_one_time' : 'kem_last_resort';
  if (!(await isSigned(provider, profile, identity, kind, kemPreKey))) return 'signature_wrong';
  return undefined;
}

const isKeyId = (keyId: number): boolean => Number.isInteger(keyId) && keyId >= 0 && keyId <= E2EE_LIMITS.preKeyIdMax;

function isSigned(
  provider: CryptoProvider,
  profile: Profile,
  identity: PublicIdentity,
  kind: Parameters<Profile['handshakes']['preKeyMessage']>[0],
  key: SignedKey,
): Promise<boolean> {
  const message = profile.handshakes.preKeyMessage(kind, key.keyId, key.publicKey);
  return profile.handshakes.verifySignature(provider, identity, message, key.signature);
}
