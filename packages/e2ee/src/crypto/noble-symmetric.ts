import { gcm } from '@noble/ciphers/aes.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { AesGcmPrimitives, HashPrimitives } from './crypto-provider.ts';

export const nobleHash: HashPrimitives = {
  sha256: (data) => sha256(data),
  sha512: (data) => sha512(data),
  runningSha256() {
    const running = sha256.create();
    return {
      update: (data) => {
        running.update(data);
      },
      digest: () => running.digest(),
    };
  },
  hmacSha256: (key, data) => hmac(sha256, key, data),
  hkdfSha256: (inputKey, salt, info, length) => hkdf(sha256, inputKey, salt, info, length),
};

const seal: AesGcmPrimitives['seal'] = (key, nonce, associatedData, plaintext) =>
  gcm(key, nonce, associatedData).encrypt(plaintext);

const open: AesGcmPrimitives['open'] = (key, nonce, associatedData, sealed) => {
  try {
    return gcm(key, nonce, associatedData).decrypt(sealed);
  } catch {
    // The library reports a wrong tag and a short input by throwing; both mean "not authentic".
    return undefined;
  }
};

export const nobleAesGcm: AesGcmPrimitives = {
  seal,
  open,
  sealBulk: async (key, nonce, associatedData, plaintext) => seal(key, nonce, associatedData, plaintext),
  openBulk: async (key, nonce, associatedData, sealed) => open(key, nonce, associatedData, sealed),
};
