import { concatBytes, EMPTY, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { HandshakeFormat } from '../profile/profile.ts';
import { curveKeyOf, isSignalVersion, SIGNAL_VERSION, typedCurveKey } from './curve-key.ts';
import { decodeFields, encodeFields } from './protobuf-fields.ts';
import { signXEdDsa, verifyXEdDsa } from './xeddsa.ts';

const SESSION_LABEL = utf8('WhisperText');
const CURVE_PREFIX = new Uint8Array(32).fill(0xff);
const FIELDS = { preKeyId: 1, baseKey: 2, identityKey: 3, message: 4, registrationId: 5, signedPreKeyId: 6 } as const;
/** Tag of field 1 as bytes: a plain message begins with its ratchet key, an initial one never does. */
const RATCHET_KEY_TAG = 0x0a;

const identityOf = (publicKey: Uint8Array) => ({ signingKey: publicKey, agreementKey: publicKey, binding: EMPTY });

export const signalHandshakes: HandshakeFormat = {
  // One key does both jobs, so there is nothing to bind; Signal does not bind the address either.
  verifyIdentity: async (_provider, { identity }) => identity.agreementKey.length === 32,
  preKeyMessage: (_kind, _keyId, publicKey) => typedCurveKey(publicKey),
  verifySignature: async (_provider, identity, message, signature) =>
    verifyXEdDsa(identity.agreementKey, message, signature),
  deriveSession(provider, secrets) {
    const inputKey = concatBytes(CURVE_PREFIX, ...secrets);
    const derived = provider.hash.hkdfSha256(inputKey, new Uint8Array(32), SESSION_LABEL, 64);
    // The second half would be a first chain for the responder, which never sends before it has received.
    return { rootKey: new SecretBytes(derived.slice(0, 32)), sessionTag: EMPTY };
  },
  encodeInitial(initial) {
    const fields = encodeFields([
      [FIELDS.preKeyId, initial.used.oneTimePreKeyId],
      [FIELDS.baseKey, typedCurveKey(initial.baseKey)],
      [FIELDS.identityKey, typedCurveKey(initial.identity.agreementKey)],
      [FIELDS.message, initial.message],
      [FIELDS.registrationId, 1],
      [FIELDS.signedPreKeyId, initial.used.signedPreKeyId],
    ]);
    return concatBytes(Uint8Array.of(SIGNAL_VERSION), fields);
  },
  parseInitial(bytes) {
    if (!isSignalVersion(bytes)) return undefined;
    const fields = decodeFields(bytes.slice(1));
    const baseKey = curveKeyOf(fields?.get(FIELDS.baseKey));
    const identityKey = curveKeyOf(fields?.get(FIELDS.identityKey));
    const message = fields?.get(FIELDS.message);
    const signedPreKeyId = fields?.get(FIELDS.signedPreKeyId);
    const oneTimePreKeyId = fields?.get(FIELDS.preKeyId);
    if (baseKey === undefined || identityKey === undefined || !(message instanceof Uint8Array)) return undefined;
    if (typeof signedPreKeyId !== 'number' || oneTimePreKeyId instanceof Uint8Array) return undefined;
    return {
      baseKey,
      identity: identityOf(identityKey),
      message,
      used: { signedPreKeyId, oneTimePreKeyId, kem: undefined },
    };
  },
  isInitial: (bytes) => bytes[1] !== RATCHET_KEY_TAG,
};

const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));

/** An identity of Signal's kind: one X25519 key that signs with XEdDSA. */
export async function openSignalIdentity(
  provider: CryptoProvider,
  address: DeviceAddress,
  secretKey: SecretBytes,
): Promise<DeviceIdentity> {
  const publicKey = (await provider.x25519.sharedSecret(secretKey.reveal(), BASE_POINT)) ?? EMPTY;
  return {
    address,
    publicIdentity: identityOf(publicKey),
    agree: (peerPublicKey) => provider.x25519.sharedSecret(secretKey.reveal(), peerPublicKey),
    sign: async (message) => signXEdDsa(secretKey.reveal(), message, provider.randomBytes(64)),
  };
}
