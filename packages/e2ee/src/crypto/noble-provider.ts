import { randomBytes } from '@noble/hashes/utils.js';
import type { CryptoProvider } from './crypto-provider.ts';
import { nobleEd25519, nobleMlKem768, nobleX25519 } from './noble-asymmetric.ts';
import { nobleAesGcm, nobleHash } from './noble-symmetric.ts';

/** JavaScript only, runs anywhere with a system random generator: the fall-back where neither Node nor WebCrypto has the curves. */
export const nobleProvider: CryptoProvider = {
  name: 'noble',
  randomBytes: (length) => randomBytes(length),
  hash: nobleHash,
  aesGcm: nobleAesGcm,
  x25519: nobleX25519,
  ed25519: nobleEd25519,
  mlKem768: nobleMlKem768,
};
