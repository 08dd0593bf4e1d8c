import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { concatBytes, EMPTY, utf8 } from '../bytes/bytes.ts';
import type { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import { writeAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { payloadByte } from './payload-kind.ts';
import type { ProductVersion } from './product-version.ts';
import type { KemField, MessageFormat, Party, RatchetHeader } from './profile.ts';

export const SESSION_TAG_BYTES = 8;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;

/**
 * A message: kind and version (1 byte), session tag (8), ratchet key (32), counter and previous count (varints, 1-3 bytes each in
 * practice), in profiles with refresh a KEM field (1 byte, or 1 + 1,184, or 1 + 1,088), then AES-256-GCM ciphertext and tag (16).
 */
export function productMessages(version: ProductVersion): MessageFormat {
  const label = utf8(`Parley v${version.version} message key`);
  const first = payloadByte('message', version.version);

  const cipherOf = (provider: CryptoProvider, messageKey: SecretBytes) => {
    const derived = provider.hash.hkdfSha256(messageKey.reveal(), EMPTY, label, KEY_LENGTH + NONCE_LENGTH);
    return { key: derived.subarray(0, KEY_LENGTH), nonce: derived.subarray(KEY_LENGTH) };
  };

  const encodeHeader = (sessionTag: Uint8Array, header: RatchetHeader & { readonly previousCount: number }) => {
    const writer = new ByteWriter(64).byte(first).raw(sessionTag).raw(header.ratchetKey);
    writer.varint(header.counter).varint(header.previousCount);
    if (version.hasKemRefresh) writeKemField(writer, header.kem);
    return writer.finish();
  };

  return {
    associatedData(sender, receiver, conversation) {
      const writer = new ByteWriter(320).text(`Parley v${version.version} message`);
      writeParty(writer, sender);
      writeParty(writer, receiver);
      return writer.text(conversation).finish();
    },
    seal(provider, messageKey, sessionTag, header, associatedData, plaintext) {
      const headerBytes = encodeHeader(sessionTag, header);
      const { key, nonce } = cipherOf(provider, messageKey);
      return concatBytes(
        headerBytes,
        provider.aesGcm.seal(key, nonce, concatBytes(associatedData, headerBytes), plaintext),
      );
    },
    parse(bytes) {
      if (bytes[0] !== first || bytes.length > E2EE_LIMITS.payloadBytesMax) return undefined;
      return parseBytes(bytes, (reader) => {
        reader.byte();
        const sessionTag = reader.raw(SESSION_TAG_BYTES);
        const header: RatchetHeader = {
          ratchetKey: reader.raw(KEY_BYTES.x25519),
          counter: reader.varint(E2EE_LIMITS.counterMax),
          previousCount: reader.varint(E2EE_LIMITS.counterMax),
          kem: version.hasKemRefresh ? readKemField(reader) : undefined,
        };
        const headerBytes = bytes.slice(0, bytes.length - reader.remaining);
        return { header, sessionTag, headerBytes, sealed: reader.rest() };
      });
    },
    open(provider, messageKey, message, associatedData) {
      const { key, nonce } = cipherOf(provider, messageKey);
      return provider.aesGcm.open(key, nonce, concatBytes(associatedData, message.headerBytes), message.sealed);
    },
  };
}

/** Every field carries its length: no two different lists of fields have the same bytes. */
export function writeParty(writer: ByteWriter, party: Party): void {
  writeAddress(writer, party.address);
  writer.sized(party.identity.signingKey).sized(party.identity.agreementKey);
}

function writeKemField(writer: ByteWriter, field: KemField | undefined): void {
  switch (field?.kind) {
    case undefined:
      writer.byte(0);
      return;
    case 'offer':
      writer.byte(1).raw(field.publicKey);
      return;
    case 'answer':
      writer.byte(2).raw(field.ciphertext);
  }
}

function readKemField(reader: ByteReader): KemField | undefined {
  switch (reader.choice(3)) {
    case 1:
      return { kind: 'offer', publicKey: reader.raw(KEY_BYTES.mlKem768PublicKey) };
    case 2:
      return { kind: 'answer', ciphertext: reader.raw(KEY_BYTES.mlKem768Ciphertext) };
    default:
      return undefined;
  }
}
