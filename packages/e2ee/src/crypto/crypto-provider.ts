/**
 * The primitives of this package. No provider implements one itself: each wraps `node:crypto`, WebCrypto or the noble libraries.
 * Small symmetric work is synchronous (a message needs about six calls), asymmetric and bulk work may leave the thread.
 * A wrong length given by this package's own code throws; bytes that came from outside give `undefined` or `false`.
 */
export interface CryptoProvider {
  readonly name: 'node' | 'webcrypto' | 'noble';
  /** From the system's generator. */
  randomBytes(length: number): Uint8Array;
  readonly hash: HashPrimitives;
  readonly aesGcm: AesGcmPrimitives;
  readonly x25519: X25519Primitives;
  readonly ed25519: Ed25519Primitives;
  readonly mlKem768: MlKem768Primitives;
}

export interface HashPrimitives {
  /** 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** 64 bytes. */
  sha512(data: Uint8Array): Uint8Array;
  /** For data that does not fit in memory. */
  runningSha256(): RunningHash;
  /** 32 bytes. RFC 2104. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** RFC 5869; `length` at most 8,160 bytes. */
  hkdfSha256(inputKey: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
}

export interface RunningHash {
  update(data: Uint8Array): void;
  /** Ends the hash. */
  digest(): Uint8Array;
}

/** AES-256-GCM, NIST SP 800-38D: 32-byte key, 12-byte nonce, 16-byte tag behind the ciphertext. */
export interface AesGcmPrimitives {
  seal(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** `undefined` when the tag does not match or the input is shorter than a tag. */
  open(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /** The same for large inputs, off the thread where the runtime can. */
  sealBulk(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>;
  openBulk(
    key: Uint8Array,
    nonce: Uint8Array,
    associatedData: Uint8Array,
    sealed: Uint8Array,
  ): Promise<Uint8Array | undefined>;
}

/** RFC 7748. Keys and results have 32 bytes. */
export interface X25519Primitives {
  generate(): Promise<{ readonly publicKey: Uint8Array; readonly secretKey: Uint8Array }>;
  /** `undefined` when the result is all zero (the peer's point has low order) or the public key has another length. */
  sharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array | undefined>;
}

/** RFC 8032, pure Ed25519: 32-byte seed, 32-byte public key, 64-byte signature. */
export interface Ed25519Primitives {
  publicKey(seed: Uint8Array): Promise<Uint8Array>;
  sign(seed: Uint8Array, message: Uint8Array): Promise<Uint8Array>;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** FIPS 203, ML-KEM-768. A secret key is its 64-byte seed d || z (FIPS 203 §7.1). */
export interface MlKem768Primitives {
  /** 1,184 bytes. */
  publicKey(seed: Uint8Array): Promise<Uint8Array>;
  /** Ciphertext of 1,088 bytes and secret of 32; `undefined` when the key fails the checks of FIPS 203 §7.2. */
  encapsulate(publicKey: Uint8Array): Promise<Encapsulation | undefined>;
  /** 32 bytes; a forged ciphertext gives a secret that nobody knows (implicit rejection). `undefined` on a wrong length. */
  decapsulate(seed: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array | undefined>;
}

export interface Encapsulation {
  readonly ciphertext: Uint8Array;
  readonly sharedSecret: Uint8Array;
}

/** Lengths in bytes. */
export const KEY_BYTES = {
  x25519: 32,
  ed25519: 32,
  ed25519Signature: 64,
  aesGcmTag: 16,
  mlKem768Seed: 64,
  mlKem768PublicKey: 1_184,
  mlKem768Ciphertext: 1_088,
} as const;
