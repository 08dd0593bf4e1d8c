import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import { readKeyPair, writeKeyPair } from '../handshake/pre-keys.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { KemField } from '../profile/profile.ts';
import type { RatchetState, ReceivingChain, SendingChain } from './ratchet-state.ts';

const SYMMETRIC_KEY_BYTES = 32;

const writeSecret = (writer: ByteWriter, secret: SecretBytes): void => {
  writer.raw(secret.reveal());
};
const readSecret = (reader: ByteReader): SecretBytes => new SecretBytes(reader.raw(SYMMETRIC_KEY_BYTES));

/** About 250 bytes, and 36 for each skipped key. Holds secrets: store it only encrypted. */
export function writeRatchetState(writer: ByteWriter, state: RatchetState): void {
  writeSecret(writer, state.rootKey);
  writer.optional(state.ownRatchet, (pair) => writeKeyPair(writer, pair));
  writer.optional(state.peerRatchetKey, (key) => writer.raw(key));
  writer.optional(state.sending, (chain) => writeSendingChain(writer, chain));
  writer.varint(state.previousCount);
  writer.list(state.receiving, (chain) => writeReceivingChain(writer, chain));
  const { kemRefresh } = state;
  writer.byte(kemRefresh.mayOffer ? 1 : 0).varint(kemRefresh.messagesSince);
  writer.optional(kemRefresh.offeredSeed, (seed) => writeSecret(writer, seed));
  writer.optional(kemRefresh.peerOffer, (key) => writer.raw(key));
}

export function readRatchetState(reader: ByteReader): RatchetState {
  return {
    rootKey: readSecret(reader),
    ownRatchet: reader.optional(() => readKeyPair(reader)),
    peerRatchetKey: reader.optional(() => reader.raw(KEY_BYTES.x25519)),
    sending: reader.optional(() => readSendingChain(reader)),
    previousCount: reader.varint(),
    receiving: reader.list(E2EE_LIMITS.receivingChainsMax, () => readReceivingChain(reader)),
    kemRefresh: {
      mayOffer: reader.choice(2) === 1,
      messagesSince: reader.varint(),
      offeredSeed: reader.optional(() => new SecretBytes(reader.raw(KEY_BYTES.mlKem768Seed))),
      peerOffer: reader.optional(() => reader.raw(KEY_BYTES.mlKem768PublicKey)),
    },
  };
}

function writeSendingChain(writer: ByteWriter, chain: SendingChain): void {
  writeSecret(writer, chain.chainKey);
  writer.varint(chain.nextCounter);
  writer.optional(chain.kem, (field) => {
    if (field.kind === 'offer') writer.byte(0).raw(field.publicKey);
    else writer.byte(1).raw(field.ciphertext);
  });
}

function readSendingChain(reader: ByteReader): SendingChain {
  return { chainKey: readSecret(reader), nextCounter: reader.varint(), kem: reader.optional(() => readKem(reader)) };
}

function readKem(reader: ByteReader): KemField {
  return reader.choice(2) === 0
    ? { kind: 'offer', publicKey: reader.raw(KEY_BYTES.mlKem768PublicKey) }
    : { kind: 'answer', ciphertext: reader.raw(KEY_BYTES.mlKem768Ciphertext) };
}

function writeReceivingChain(writer: ByteWriter, chain: ReceivingChain): void {
  writer.raw(chain.ratchetKey);
  writer.optional(chain.chainKey, (key) => writeSecret(writer, key));
  writer.varint(chain.nextCounter).varint(chain.evictedBelow).varint(chain.skipped.size);
  for (const [counter, key] of chain.skipped) writeSecret(writer.varint(counter), key);
}

function readReceivingChain(reader: ByteReader): ReceivingChain {
  const ratchetKey = reader.raw(KEY_BYTES.x25519);
  const chainKey = reader.optional(() => readSecret(reader));
  const nextCounter = reader.varint();
  const evictedBelow = reader.varint();
  const skipped = reader.list(E2EE_LIMITS.skippedKeysMax, () => [reader.varint(), readSecret(reader)] as const);
  return { ratchetKey, chainKey, nextCounter, evictedBelow, skipped: new Map(skipped) };
}
