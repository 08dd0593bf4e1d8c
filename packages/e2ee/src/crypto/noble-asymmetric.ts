import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { isAllZero } from '../bytes/bytes.ts';
import {
  type Ed25519Primitives,
  KEY_BYTES,
  type MlKem768Primitives,
  type X25519Primitives,
} from './crypto-provider.ts';

export const nobleX25519: X25519Primitives = {
  async generate() {
    return x25519.keygen();
  },
  async sharedSecret(secretKey, publicKey) {
    if (publicKey.length !== KEY_BYTES.x25519) return undefined;
    if (secretKey.length !== KEY_BYTES.x25519) throw new RangeError('An X25519 secret key has 32 bytes.');
    try {
      const shared = x25519.getSharedSecret(secretKey, publicKey);
      return isAllZero(shared) ? undefined : shared;
    } catch {
      // The library throws on points of low order.
      return undefined;
    }
  },
};

export const nobleEd25519: Ed25519Primitives = {
  publicKey: async (seed) => ed25519.getPublicKey(seed),
  sign: async (seed, message) => ed25519.sign(message, seed),
  async verify(publicKey, message, signature) {
    if (publicKey.length !== KEY_BYTES.ed25519 || signature.length !== KEY_BYTES.ed25519Signature) return false;
    try {
      // zip215: false takes the strict rules of RFC 8032 and FIPS 186-5 instead of those of consensus systems.
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};

export const nobleMlKem768: MlKem768Primitives = {
  publicKey: async (seed) => ml_kem768.keygen(seed).publicKey,
  async encapsulate(publicKey) {
    if (publicKey.length !== KEY_BYTES.mlKem768PublicKey) return undefined;
    try {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey);
      return { ciphertext: cipherText, sharedSecret };
    } catch {
      // The library throws when a coefficient of the key is not reduced (FIPS 203 §7.2, modulus check).
      return undefined;
    }
  },
  async decapsulate(seed, ciphertext) {
    if (ciphertext.length !== KEY_BYTES.mlKem768Ciphertext) return undefined;
    return ml_kem768.decapsulate(ciphertext, ml_kem768.keygen(seed).secretKey);
  },
};
