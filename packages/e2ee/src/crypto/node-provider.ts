import type { KeyObject } from 'node:crypto';
import * as crypto from 'node:crypto';
import { concatBytes, isAllZero } from '../bytes/bytes.ts';
import {
  type AesGcmPrimitives,
  type CryptoProvider,
  type Ed25519Primitives,
  KEY_BYTES,
  type MlKem768Primitives,
  type X25519Primitives,
} from './crypto-provider.ts';
import {
  ED25519_PKCS8_PREFIX,
  ML_KEM_768_SEED_PKCS8_PREFIX,
  ML_KEM_768_SPKI_PREFIX,
  pkcs8Of,
  X25519_PKCS8_PREFIX,
} from './key-prefixes.ts';
import { nobleMlKem768 } from './noble-asymmetric.ts';
import { nobleHash } from './noble-symmetric.ts';

// Importing a secret key costs as much as using it (it computes the public half), so the imported form stays with the bytes it came from.
const importedSecrets = new WeakMap<Uint8Array, KeyObject>();

function secretKeyOf(prefix: Uint8Array, raw: Uint8Array): KeyObject {
  let key = importedSecrets.get(raw);
  if (key === undefined) {
    // Node's types ask for a Buffer; it takes any view.
    key = crypto.createPrivateKey({ key: Buffer.from(pkcs8Of(prefix, raw)), format: 'der', type: 'pkcs8' });
    importedSecrets.set(raw, key);
  }
  return key;
}

const kemPublicKeyOf = (raw: Uint8Array): KeyObject =>
  crypto.createPublicKey({ key: Buffer.from(concatBytes(ML_KEM_768_SPKI_PREFIX, raw)), format: 'der', type: 'spki' });

/** Newest imports of keys that stay in use for long: signing keys of devices and sender keys. Ratchet keys are never kept here. */
class RecentKeys {
  readonly #keys = new Map<string, KeyObject>();
  readonly #max: number;
  readonly #importKey: (raw: Uint8Array) => KeyObject;

  constructor(max: number, importKey: (raw: Uint8Array) => KeyObject) {
    this.#max = max;
    this.#importKey = importKey;
  }

  get(raw: Uint8Array): KeyObject {
    const name = Buffer.from(raw).toString('latin1');
    const key = this.#keys.get(name) ?? this.#importKey(raw);
    this.#keys.delete(name);
    this.#keys.set(name, key);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= this.#max) break;
      this.#keys.delete(oldest);
    }
    return key;
  }
}

/** RFC 8037. Node reads and writes this form of a curve key in a fraction of the time that the DER form takes. */
const curvePublicKeyOf = (crv: 'X25519' | 'Ed25519', raw: Uint8Array): KeyObject =>
  crypto.createPublicKey({ key: { kty: 'OKP', crv, x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });

const rawOfText = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? '', 'base64url'));

const kemRawOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(ML_KEM_768_SPKI_PREFIX.length));

const x25519: X25519Primitives = {
  async generate() {
    const { privateKey } = crypto.generateKeyPairSync('x25519');
    const { x, d } = privateKey.export({ format: 'jwk' });
    const secretKey = rawOfText(d);
    importedSecrets.set(secretKey, privateKey);
    return { publicKey: rawOfText(x), secretKey };
  },
  async sharedSecret(secretKey, publicKey) {
    if (publicKey.length !== KEY_BYTES.x25519) return undefined;
    const privateKey = secretKeyOf(X25519_PKCS8_PREFIX, secretKey);
    try {
      const shared = crypto.diffieHellman({ privateKey, publicKey: curvePublicKeyOf('X25519', publicKey) });
      return isAllZero(shared) ? undefined : new Uint8Array(shared);
    } catch {
      // OpenSSL refuses to derive an all-zero secret.
      return undefined;
    }
  },
};

// An import takes as long as a signature; a sender key signs a hundred times.
const signingKeys = new RecentKeys(64, (seed) => secretKeyOf(ED25519_PKCS8_PREFIX, seed));
const verifyingKeys = new RecentKeys(256, (publicKey) => curvePublicKeyOf('Ed25519', publicKey));

const ed25519: Ed25519Primitives = {
  publicKey: async (seed) => rawOfText(secretKeyOf(ED25519_PKCS8_PREFIX, seed).export({ format: 'jwk' }).x),
  sign: async (seed, message) => new Uint8Array(crypto.sign(null, message, signingKeys.get(seed))),
  async verify(publicKey, message, signature) {
    if (publicKey.length !== KEY_BYTES.ed25519 || signature.length !== KEY_BYTES.ed25519Signature) return false;
    try {
      return crypto.verify(null, message, verifyingKeys.get(publicKey), signature);
    } catch {
      // Bytes that are no point of the curve.
      return false;
    }
  },
};

const nativeMlKem768: MlKem768Primitives = {
  publicKey: async (seed) => kemRawOf(crypto.createPublicKey(secretKeyOf(ML_KEM_768_SEED_PKCS8_PREFIX, seed))),
  async encapsulate(publicKey) {
    if (publicKey.length !== KEY_BYTES.mlKem768PublicKey) return undefined;
    try {
      const { ciphertext, sharedKey } = crypto.encapsulate(kemPublicKeyOf(publicKey));
      return { ciphertext: new Uint8Array(ciphertext), sharedSecret: new Uint8Array(sharedKey) };
    } catch {
      // OpenSSL makes the checks of FIPS 203 §7.2 when it imports the key.
      return undefined;
    }
  },
  async decapsulate(seed, ciphertext) {
    if (ciphertext.length !== KEY_BYTES.mlKem768Ciphertext) return undefined;
    return new Uint8Array(crypto.decapsulate(secretKeyOf(ML_KEM_768_SEED_PKCS8_PREFIX, seed), ciphertext));
  },
};

const TAG_BYTES = KEY_BYTES.aesGcmTag;

// A key object although it is used once: with raw bytes Node spends 15 to 20 microseconds on finding out that they are no key object.
const seal: AesGcmPrimitives['seal'] = (key, nonce, associatedData, plaintext) => {
  const cipher = crypto.createCipheriv('aes-256-gcm', crypto.createSecretKey(key), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData);
  const body = cipher.update(plaintext);
  cipher.final();
  return concatBytes(body, cipher.getAuthTag());
};

const open: AesGcmPrimitives['open'] = (key, nonce, associatedData, sealed) => {
  if (sealed.length < TAG_BYTES) return undefined;
  const decipher = crypto.createDecipheriv('aes-256-gcm', crypto.createSecretKey(key), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return new Uint8Array(plaintext);
};

/**
 * Node's OpenSSL for curves, AES-GCM and, from Node 24 on, ML-KEM. Hashes of a few dozen bytes go through noble: OpenSSL's with key
 * objects are quicker one by one (HMAC 2.0 against 2.7 microseconds) and no quicker in whole messages, where their handles cost
 * garbage collection (measured in turns: sender key 7,500 to 7,700 against 7,900 a second). Long inputs are hashed by OpenSSL.
 */
export const nodeProvider: CryptoProvider = {
  name: 'node',
  randomBytes: (length) => new Uint8Array(crypto.randomBytes(length)),
  hash: {
    ...nobleHash,
    sha512: (data) => new Uint8Array(crypto.createHash('sha512').update(data).digest()),
    runningSha256() {
      const running = crypto.createHash('sha256');
      return {
        update: (data) => {
          running.update(data);
        },
        digest: () => new Uint8Array(running.digest()),
      };
    },
  },
  aesGcm: {
    seal,
    open,
    sealBulk: async (key, nonce, associatedData, plaintext) => seal(key, nonce, associatedData, plaintext),
    openBulk: async (key, nonce, associatedData, sealed) => open(key, nonce, associatedData, sealed),
  },
  x25519,
  ed25519,
  mlKem768: 'encapsulate' in crypto ? nativeMlKem768 : nobleMlKem768,
};
