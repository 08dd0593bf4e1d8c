import { concatBytes } from '../bytes/bytes.ts';

/**
 * RFC 8410 and RFC 9935 encodings, as bytes before the raw key: what `node:crypto` and WebCrypto take in place of raw secret keys.
 * PKCS #8 for secrets, SubjectPublicKeyInfo for public keys.
 */
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const X25519_PKCS8_PREFIX = bytesOf('302e020100300506032b656e04220420');
export const ED25519_PKCS8_PREFIX = bytesOf('302e020100300506032b657004220420');
/** The seed form of the private key: [0] IMPLICIT OCTET STRING of 64 bytes. */
export const ML_KEM_768_SEED_PKCS8_PREFIX = bytesOf('3054020100300b060960864801650304040204428040');
export const ML_KEM_768_SPKI_PREFIX = bytesOf('308204b2300b0609608648016503040402038204a100');

/** PKCS #8 of a raw secret. The prefix ends with the secret's length; OpenSSL would accept a longer one and ignore its end. */
export function pkcs8Of(prefix: Uint8Array, raw: Uint8Array): Uint8Array<ArrayBuffer> {
  if (raw.length !== prefix.at(-1))
    throw new RangeError(`This kind of secret key has ${prefix.at(-1)} bytes, not ${raw.length}.`);
  return concatBytes(prefix, raw);
}
