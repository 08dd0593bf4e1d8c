import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { concatBytes, EMPTY, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import { writeAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { payloadByte } from '../profile/payload-kind.ts';
import { type OwnSenderKey, type PeerSenderKey, SENDER_KEY_ID_BYTES, type SenderKeyScope } from './sender-key.ts';

/**
 * A group message (G1): kind and version (1 byte), key id (8), counter (varint), AES-256-GCM ciphertext and tag (16), Ed25519
 * signature (64) over scope, header and ciphertext. Overhead 90-92 bytes, once for the whole group.
 */
const VERSION = 1;
const FIRST = payloadByte('group', VERSION);
const MESSAGE_KEY_LABEL = utf8('Parley group v1 message key');
const MESSAGE_KEY_INPUT = Uint8Array.of(1);
const CHAIN_KEY_INPUT = Uint8Array.of(2);

export interface GroupMessage {
  readonly keyId: Uint8Array;
  readonly counter: number;
  readonly header: Uint8Array;
  readonly sealed: Uint8Array;
  readonly signature: Uint8Array;
}

export async function sealGroupMessage(
  provider: CryptoProvider,
  key: OwnSenderKey,
  plaintext: Uint8Array,
): Promise<{ readonly payload: Uint8Array; readonly key: OwnSenderKey }> {
  const header = new ByteWriter(16).byte(FIRST).raw(key.keyId).varint(key.nextCounter).finish();
  const { messageKey, chainKey } = nextChain(provider, key.chainKey);
  const cipher = cipherOf(provider, messageKey);
  const authenticated = concatBytes(scopeBytes(key), header);
  const sealed = provider.aesGcm.seal(cipher.key, cipher.nonce, authenticated, plaintext);
  const signature = await provider.ed25519.sign(key.signingSeed.reveal(), concatBytes(authenticated, sealed));
  return {
    payload: concatBytes(header, sealed, signature),
    key: { ...key, chainKey, nextCounter: key.nextCounter + 1 },
  };
}

export function parseGroupMessage(bytes: Uint8Array): GroupMessage | undefined {
  if (bytes[0] !== FIRST || bytes.length > E2EE_LIMITS.payloadBytesMax) return undefined;
  const payload = new Uint8Array(bytes);
  return parseBytes(payload, (reader) => {
    reader.byte();
    const keyId = reader.raw(SENDER_KEY_ID_BYTES);
    const counter = reader.varint(E2EE_LIMITS.counterMax);
    const header = payload.slice(0, payload.length - reader.remaining);
    reader.expect(reader.remaining >= KEY_BYTES.aesGcmTag + KEY_BYTES.ed25519Signature);
    const sealed = reader.raw(reader.remaining - KEY_BYTES.ed25519Signature);
    return { keyId, counter, header, sealed, signature: reader.rest() };
  });
}

export type GroupOpenOutcome =
  | { readonly kind: 'opened'; readonly plaintext: Uint8Array; readonly key: PeerSenderKey }
  | { readonly kind: 'refused'; readonly reason: 'not_authentic' | 'already_opened' | 'too_far_ahead' };

/** The signature is checked first: nobody but the sender can make us move the chain. A refusal has no effect. */
export async function openGroupMessage(
  provider: CryptoProvider,
  key: PeerSenderKey,
  message: GroupMessage,
): Promise<GroupOpenOutcome> {
  const authenticated = concatBytes(scopeBytes(key), message.header);
  const signed = concatBytes(authenticated, message.sealed);
  if (!(await provider.ed25519.verify(key.signingKey, signed, message.signature))) return refused('not_authentic');

  const taken = takeKey(provider, key, message.counter);
  if (typeof taken === 'string') return refused(taken);
  const cipher = cipherOf(provider, taken.messageKey);
  const plaintext = provider.aesGcm.open(cipher.key, cipher.nonce, authenticated, message.sealed);
  return plaintext === undefined ? refused('not_authentic') : { kind: 'opened', plaintext, key: taken.key };
}

const refused = (reason: Extract<GroupOpenOutcome, { kind: 'refused' }>['reason']): GroupOpenOutcome => ({
  kind: 'refused',
  reason,
});

function takeKey(
  provider: CryptoProvider,
  key: PeerSenderKey,
  counter: number,
): { readonly messageKey: SecretBytes; readonly key: PeerSenderKey } | 'already_opened' | 'too_far_ahead' {
  const skipped = new Map(key.skipped);
  if (counter < key.nextCounter) {
    const messageKey = skipped.get(counter);
    skipped.delete(counter);
    return messageKey === undefined ? 'already_opened' : { messageKey, key: { ...key, skipped } };
  }
  // A sender key ends after `senderKeyMessagesMax` messages: a counter beyond is the work of a broken or hostile member.
  if (counter >= E2EE_LIMITS.senderKeyMessagesMax) return 'too_far_ahead';
  let step = nextChain(provider, key.chainKey);
  for (let index = key.nextCounter; index < counter; index += 1) {
    skipped.set(index, step.messageKey);
    step = nextChain(provider, step.chainKey);
  }
  return { messageKey: step.messageKey, key: { ...key, chainKey: step.chainKey, nextCounter: counter + 1, skipped } };
}

function nextChain(provider: CryptoProvider, chainKey: SecretBytes) {
  return {
    messageKey: new SecretBytes(provider.hash.hmacSha256(chainKey.reveal(), MESSAGE_KEY_INPUT)),
    chainKey: new SecretBytes(provider.hash.hmacSha256(chainKey.reveal(), CHAIN_KEY_INPUT)),
  };
}

function cipherOf(provider: CryptoProvider, messageKey: SecretBytes) {
  const derived = provider.hash.hkdfSha256(messageKey.reveal(), EMPTY, MESSAGE_KEY_LABEL, 44);
  return { key: derived.subarray(0, 32), nonce: derived.subarray(32) };
}

function scopeBytes(scope: SenderKeyScope): Uint8Array {
  const writer = new ByteWriter(160).text('Parley group v1 message').text(scope.groupId);
  writeAddress(writer, scope.sender);
  return writer.varint(scope.epoch).sized(scope.membershipHash).finish();
}
