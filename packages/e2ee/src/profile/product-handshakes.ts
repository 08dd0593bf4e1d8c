import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { concatBytes, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import { type PublicIdentity, verifyIdentityBinding } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { payloadByte, payloadKindOf } from './payload-kind.ts';
import { SESSION_TAG_BYTES, writeParty } from './product-messages.ts';
import type { ProductVersion } from './product-version.ts';
import type { HandshakeFormat, Transcript } from './profile.ts';
import { readUsed, writeUsed } from './used-pre-keys-codec.ts';

/** X3DH §2.1: 32 bytes that are no scalar, before the Diffie-Hellman outputs. */
const CURVE_PREFIX = new Uint8Array(32).fill(0xff);

export function productHandshakes(version: ProductVersion): HandshakeFormat {
  const first = payloadByte('initial', version.version);
  const label = utf8(`Parley v${version.version} ${version.handshake} X25519 SHA-256 ML-KEM-768`);
  return {
    verifyIdentity: (provider, { address, identity }) => verifyIdentityBinding(provider, address, identity),
    preKeyMessage: (kind, keyId, publicKey) =>
      new ByteWriter(1_300).text('Parley pre-key v1').text(kind).varint(keyId).sized(publicKey).finish(),
    verifySignature: (provider, identity, message, signature) =>
      provider.ed25519.verify(identity.signingKey, message, signature),
    deriveSession(provider, secrets, transcript) {
      const context = provider.hash.sha256(encodeTranscript(transcript));
      const inputKey = concatBytes(CURVE_PREFIX, ...secrets);
      const info = concatBytes(label, context);
      const derived = provider.hash.hkdfSha256(inputKey, new Uint8Array(32), info, 32 + SESSION_TAG_BYTES);
      return { rootKey: new SecretBytes(derived.slice(0, 32)), sessionTag: derived.slice(32) };
    },
    encodeInitial(initial) {
      const writer = new ByteWriter(2_048).byte(first).raw(initial.baseKey);
      writeIdentity(writer, initial.identity);
      writeUsed(writer, initial.used);
      return writer.raw(initial.message).finish();
    },
    parseInitial(bytes) {
      if (bytes[0] !== first || bytes.length > E2EE_LIMITS.payloadBytesMax) return undefined;
      return parseBytes(bytes, (reader) => {
        reader.byte();
        const baseKey = reader.raw(KEY_BYTES.x25519);
        const identity = readIdentity(reader);
        const used = readUsed(reader);
        reader.expect((used.kem !== undefined) === (version.handshake === 'pqxdh'));
        return { baseKey, identity, used, message: reader.rest() };
      });
    },
    isInitial: (bytes) => payloadKindOf(bytes) === 'initial',
  };
}

/** Everything public that a handshake depends on (PQXDH §4.12 asks for the KEM key; the rest costs nothing). */
function encodeTranscript(transcript: Transcript): Uint8Array {
  const writer = new ByteWriter(3_000);
  writeParty(writer, transcript.initiator);
  writeParty(writer, transcript.responder);
  writer.sized(transcript.baseKey).sized(transcript.signedPreKey);
  writer.optional(transcript.oneTimePreKey, (key) => writer.sized(key));
  writer.optional(transcript.kemPublicKey, (key) => writer.sized(key));
  writeUsed(writer, transcript.used);
  return writer.finish();
}

function writeIdentity(writer: ByteWriter, identity: PublicIdentity): void {
  writer.raw(identity.signingKey).raw(identity.agreementKey).raw(identity.binding);
}

const readIdentity = (reader: ByteReader): PublicIdentity => ({
  signingKey: reader.raw(KEY_BYTES.ed25519),
  agreementKey: reader.raw(KEY_BYTES.x25519),
  binding: reader.raw(KEY_BYTES.ed25519Signature),
});
