import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { SESSION_TAG_BYTES } from '../profile/product-messages.ts';
import { readUsed, writeUsed } from '../profile/used-pre-keys-codec.ts';
import { readRatchetState, writeRatchetState } from '../ratchet/ratchet-state-codec.ts';
import type { Session } from './session.ts';
import type { SessionRecord } from './session-record.ts';

/** Rises when the form changes; a reader keeps the older ones. */
const FORM_VERSION = 1;

/** The record as bytes, the same bytes for the same record. Holds secrets: store it only encrypted, see `StateVault`. */
export function writeSessionRecord(record: SessionRecord): Uint8Array {
  const writer = new ByteWriter(512).byte(FORM_VERSION).varint(record.healedAtMs);
  writer.list(record.sessions, (session) => writeSession(writer, session));
  writer.list(record.handshakes, ({ baseKey, acceptedAtMs }) => writer.raw(baseKey).varint(acceptedAtMs));
  return writer.finish();
}

/** `undefined` when the bytes are not a record of a known form. */
export function readSessionRecord(bytes: Uint8Array): SessionRecord | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    return {
      healedAtMs: reader.varint(),
      sessions: reader.list(E2EE_LIMITS.archivedSessionsMax + 1, () => readSession(reader)),
      handshakes: reader.list(E2EE_LIMITS.handshakesRememberedMax, () => ({
        baseKey: reader.raw(KEY_BYTES.x25519),
        acceptedAtMs: reader.varint(),
      })),
    };
  });
}

function writeSession(writer: ByteWriter, session: Session): void {
  writer.sized(session.tag).raw(session.baseKey);
  const { signingKey, agreementKey, binding } = session.peerIdentity;
  writer.raw(signingKey).raw(agreementKey).sized(binding);
  writer.optional(session.unanswered, (used) => writeUsed(writer, used));
  writer.varint(session.createdAtMs);
  writeRatchetState(writer, session.ratchet);
}

function readSession(reader: ByteReader): Session {
  return {
    tag: reader.sized(SESSION_TAG_BYTES),
    baseKey: reader.raw(KEY_BYTES.x25519),
    peerIdentity: {
      signingKey: reader.raw(KEY_BYTES.ed25519),
      agreementKey: reader.raw(KEY_BYTES.x25519),
      binding: reader.sized(KEY_BYTES.ed25519Signature),
    },
    unanswered: reader.optional(() => readUsed(reader)),
    createdAtMs: reader.varint(),
    ratchet: readRatchetState(reader),
  };
}
