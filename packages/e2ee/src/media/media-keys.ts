import { utf8 } from '../bytes/bytes.ts';
import type { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';

/** What a message says about a file (M1). `key` is secret and travels inside the message's encryption only. */
export interface MediaDescriptor {
  /** 32 random bytes, made for this file. */
  readonly key: SecretBytes;
  /** 32 bytes derived from the key: another key cannot be claimed for the same ciphertext in a report. */
  readonly keyCommitment: Uint8Array;
  readonly plaintextBytes: number;
  /** SHA-256 of the whole ciphertext, 32 bytes. */
  readonly ciphertextSha256: Uint8Array;
}

/** A chunk of 64 KiB with its tag: 65,552 bytes. */
export const SEALED_CHUNK_BYTES: number = E2EE_LIMITS.mediaChunkBytes + KEY_BYTES.aesGcmTag;

/** Chunks of a file; an empty file has one empty chunk, so that its end is authentic too. */
export const chunkCountOf = (plaintextBytes: number): number =>
  Math.max(1, Math.ceil(plaintextBytes / E2EE_LIMITS.mediaChunkBytes));

/** Bytes of the ciphertext of a file. */
export const sealedBytesOf = (plaintextBytes: number): number =>
  plaintextBytes + chunkCountOf(plaintextBytes) * KEY_BYTES.aesGcmTag;

export interface MediaCipherKeys {
  readonly cipherKey: Uint8Array;
  readonly keyCommitment: Uint8Array;
}

export function mediaCipherKeys(provider: CryptoProvider, key: SecretBytes): MediaCipherKeys {
  const derived = provider.hash.hkdfSha256(key.reveal(), new Uint8Array(0), utf8('Parley media v1'), 64);
  return { cipherKey: derived.slice(0, 32), keyCommitment: derived.slice(32) };
}

/** 7 zero bytes, the chunk's index (4, big-endian), and whether it is the last one: chunks can be neither moved nor cut off. */
export function chunkNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

export const MEDIA_ASSOCIATED_DATA = utf8('Parley media v1 chunk');
