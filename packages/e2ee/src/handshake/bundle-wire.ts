import type { KeyBundle, KeyBundleUpload, UserId } from '@parley/protocol';
import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { base64UrlOf, bytesOfBase64Url, concatBytes } from '../bytes/bytes.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import type { PreKeyUpload } from '../device/publish-pre-keys.ts';
import type { PreKeyBundle, SignedKey } from './pre-key-bundle.ts';

/**
 * How keys fit the wire's key bundle, whose fields are opaque base64url:
 *
 *   identity_key      signing key (32), agreement key (32), binding (64)
 *   signed_pre_key    X25519 (32), signed
 *   last_resort_key   ML-KEM-768 (1,184), signed
 *   one_time_key      X25519 (32), ML-KEM-768 (1,184), signature of the latter (64)
 */
export function keyBundleUploadOf(upload: PreKeyUpload): KeyBundleUpload {
  const { identity, signedPreKey, lastResort, oneTime } = upload;
  return {
    identity_key: base64UrlOf(concatBytes(identity.signingKey, identity.agreementKey, identity.binding)),
    signed_pre_key: wireSigned(signedPreKey),
    last_resort_key: wireSigned(lastResort),
    one_time_keys: oneTime.map(({ keyId, curveKey, kem }) => ({
      key_id: keyId,
      key: base64UrlOf(concatBytes(curveKey, kem.publicKey, kem.signature)),
    })),
  };
}

/** `undefined` when a field does not have its form. What it says is checked by `refusalOfBundle`. */
export function preKeyBundleOf(userId: UserId, bundle: KeyBundle): PreKeyBundle | undefined {
  const identity = parseKey(bundle.identity_key, (reader) => ({
    signingKey: reader.raw(KEY_BYTES.ed25519),
    agreementKey: reader.raw(KEY_BYTES.x25519),
    binding: reader.raw(KEY_BYTES.ed25519Signature),
  }));
  const signedPreKey = parseSigned(bundle.signed_pre_key, KEY_BYTES.x25519);
  if (identity === undefined || signedPreKey === undefined) return undefined;
  const base = { address: { userId, deviceId: bundle.device_id }, identity, signedPreKey };

  if (bundle.one_time_key !== null) {
    const keyId = bundle.one_time_key.key_id;
    const pair = parseKey(bundle.one_time_key.key, (reader) => ({
      curveKey: reader.raw(KEY_BYTES.x25519),
      publicKey: reader.raw(KEY_BYTES.mlKem768PublicKey),
      signature: reader.raw(KEY_BYTES.ed25519Signature),
    }));
    if (pair === undefined) return undefined;
    const { curveKey, ...kem } = pair;
    return { ...base, oneTimePreKey: { keyId, publicKey: curveKey }, kemPreKey: { keyId, ...kem, use: 'one_time' } };
  }
  if (bundle.last_resort_key === null) return { ...base, oneTimePreKey: undefined, kemPreKey: undefined };
  const lastResort = parseSigned(bundle.last_resort_key, KEY_BYTES.mlKem768PublicKey);
  return lastResort && { ...base, oneTimePreKey: undefined, kemPreKey: { ...lastResort, use: 'last_resort' } };
}

const wireSigned = ({ keyId, publicKey, signature }: SignedKey) => ({
  key_id: keyId,
  key: base64UrlOf(publicKey),
  signature: base64UrlOf(signature),
});

function parseSigned(wire: ReturnType<typeof wireSigned>, keyBytes: number): SignedKey | undefined {
  const publicKey = parseKey(wire.key, (reader) => reader.raw(keyBytes));
  const signature = parseKey(wire.signature, (reader) => reader.raw(KEY_BYTES.ed25519Signature));
  return publicKey && signature && { keyId: wire.key_id, publicKey, signature };
}

function parseKey<Value>(text: string, read: (reader: ByteReader) => Value): Value | undefined {
  const bytes = bytesOfBase64Url(text);
  return bytes && parseBytes(bytes, read);
}
