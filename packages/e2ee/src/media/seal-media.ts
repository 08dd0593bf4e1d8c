import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { inChunks } from './in-chunks.ts';
import { chunkNonce, MEDIA_ASSOCIATED_DATA, type MediaDescriptor, mediaCipherKeys } from './media-keys.ts';

/** A file with more than `mediaChunksMax` chunks (64 GiB). What was given out so far is of no use. */
export class MediaTooLargeError extends Error {
  constructor() {
    super('The file has more than 64 GiB and cannot be encrypted. Nothing of it should be kept.');
    this.name = 'MediaTooLargeError';
  }
}

/**
 * Encrypts a file as a stream under a fresh key: yields sealed chunks of 64 KiB + 16 bytes, the last one shorter, and returns the
 * descriptor for the message. Holds two chunks in memory. Throws `MediaTooLargeError`.
 */
export async function* sealMedia(
  provider: CryptoProvider,
  plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, MediaDescriptor> {
  const key = new SecretBytes(provider.randomBytes(32));
  const { cipherKey, keyCommitment } = mediaCipherKeys(provider, key);
  const hash = provider.hash.runningSha256();
  let plaintextBytes = 0;
  for await (const { index, chunk, isLast } of inChunks(plaintext, E2EE_LIMITS.mediaChunkBytes)) {
    if (index >= E2EE_LIMITS.mediaChunksMax) throw new MediaTooLargeError();
    const nonce = chunkNonce(index, isLast);
    const sealed = await provider.aesGcm.sealBulk(cipherKey, nonce, MEDIA_ASSOCIATED_DATA, chunk);
    plaintextBytes += chunk.length;
    hash.update(sealed);
    yield sealed;
  }
  return { key, keyCommitment, plaintextBytes, ciphertextSha256: hash.digest() };
}
