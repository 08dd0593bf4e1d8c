import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { MediaDescriptor } from './media-keys.ts';

const FORM_VERSION = 1;

/** For the inside of a message: about 102 bytes. Contains the key. */
export const writeMediaDescriptor = (descriptor: MediaDescriptor): Uint8Array =>
  new ByteWriter(128)
    .byte(FORM_VERSION)
    .raw(descriptor.key.reveal())
    .raw(descriptor.keyCommitment)
    .varint(descriptor.plaintextBytes)
    .raw(descriptor.ciphertextSha256)
    .finish();

/** `undefined` when malformed, or for a file larger than there can be. */
export function readMediaDescriptor(bytes: Uint8Array): MediaDescriptor | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    return {
      key: new SecretBytes(reader.raw(32)),
      keyCommitment: reader.raw(32),
      plaintextBytes: reader.varint(E2EE_LIMITS.mediaChunksMax * E2EE_LIMITS.mediaChunkBytes),
      ciphertextSha256: reader.raw(32),
    };
  });
}
