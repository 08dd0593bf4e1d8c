import { equalBytes } from '../bytes/bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { inChunks } from './in-chunks.ts';
import {
  chunkCountOf,
  chunkNonce,
  MEDIA_ASSOCIATED_DATA,
  type MediaDescriptor,
  mediaCipherKeys,
  SEALED_CHUNK_BYTES,
  sealedBytesOf,
} from './media-keys.ts';

/** A file that is not the one the message speaks of. Chunks given out before are genuine but the file is not whole. */
export class MediaDamagedError extends Error {
  constructor(what: string) {
    super(
      `The file cannot be opened: ${what}. Parts read before are genuine, the rest is not there. Fetch the file again.`,
    );
    this.name = 'MediaDamagedError';
  }
}

/**
 * Decrypts a file as a stream, in order. Each chunk is authentic when it is given out; that the file is whole and has the hash of
 * the message is known when the stream ends. Throws `MediaDamagedError`.
 */
export async function* openMedia(
  provider: CryptoProvider,
  descriptor: MediaDescriptor,
  ciphertext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = provider.hash.runningSha256();
  const count = chunkCountOf(descriptor.plaintextBytes);
  let sealedBytes = 0;
  for await (const { index, chunk, isLast } of inChunks(ciphertext, SEALED_CHUNK_BYTES)) {
    hash.update(chunk);
    sealedBytes += chunk.length;
    if (isLast !== (index === count - 1)) throw new MediaDamagedError('it is longer or shorter than announced');
    yield await openMediaChunk(provider, descriptor, index, chunk);
  }
  if (sealedBytes !== sealedBytesOf(descriptor.plaintextBytes))
    throw new MediaDamagedError('its length is not the announced one');
  if (!equalBytes(hash.digest(), descriptor.ciphertextSha256))
    throw new MediaDamagedError('its hash is not the announced one');
}

/**
 * Random access: one chunk by its index, from the ciphertext bytes `index * SEALED_CHUNK_BYTES` on, `SEALED_CHUNK_BYTES` long
 * (the last one shorter). Throws `MediaDamagedError`.
 */
export async function openMediaChunk(
  provider: CryptoProvider,
  descriptor: MediaDescriptor,
  index: number,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const { cipherKey, keyCommitment } = mediaCipherKeys(provider, descriptor.key);
  if (!equalBytes(keyCommitment, descriptor.keyCommitment))
    throw new MediaDamagedError('its key is not the one committed to');
  const isLast = index === chunkCountOf(descriptor.plaintextBytes) - 1;
  const nonce = chunkNonce(index, isLast);
  const plaintext = await provider.aesGcm.openBulk(cipherKey, nonce, MEDIA_ASSOCIATED_DATA, sealed);
  if (plaintext === undefined) throw new MediaDamagedError(`chunk ${index} is not authentic`);
  return plaintext;
}
