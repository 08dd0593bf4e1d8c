import { cbc } from '@noble/ciphers/aes.js';
import { concatBytes, EMPTY, equalBytes, utf8 } from '../bytes/bytes.ts';
import type { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { MessageFormat } from '../profile/profile.ts';
import { curveKeyOf, isSignalVersion, SIGNAL_VERSION, typedCurveKey } from './curve-key.ts';
import { decodeFields, encodeFields } from './protobuf-fields.ts';

const MESSAGE_LABEL = utf8('WhisperMessageKeys');
const MAC_BYTES = 8;
const FIELDS = { ratchetKey: 1, counter: 2, previousCounter: 3, ciphertext: 4 } as const;

function keysOf(provider: CryptoProvider, messageKey: SecretBytes) {
  const derived = provider.hash.hkdfSha256(messageKey.reveal(), EMPTY, MESSAGE_LABEL, 80);
  return { cipherKey: derived.slice(0, 32), macKey: derived.slice(32, 64), iv: derived.slice(64) };
}

const macOf = (
  provider: CryptoProvider,
  macKey: Uint8Array,
  associatedData: Uint8Array,
  body: Uint8Array,
): Uint8Array => provider.hash.hmacSha256(macKey, concatBytes(associatedData, body)).slice(0, MAC_BYTES);

/** Version byte, protobuf fields, 8 bytes of HMAC over both identities and all before it. */
export const signalMessages: MessageFormat = {
  associatedData: (sender, receiver) =>
    concatBytes(typedCurveKey(sender.identity.agreementKey), typedCurveKey(receiver.identity.agreementKey)),
  seal(provider, messageKey, _sessionTag, header, associatedData, plaintext) {
    const { cipherKey, macKey, iv } = keysOf(provider, messageKey);
    const fields = encodeFields([
      [FIELDS.ratchetKey, typedCurveKey(header.ratchetKey)],
      [FIELDS.counter, header.counter],
      // Signal sends the last counter of the previous chain where the specification has the number of its messages.
      [FIELDS.previousCounter, Math.max(0, header.previousCount - 1)],
      [FIELDS.ciphertext, cbc(cipherKey, iv).encrypt(plaintext)],
    ]);
    const body = concatBytes(Uint8Array.of(SIGNAL_VERSION), fields);
    return concatBytes(body, macOf(provider, macKey, associatedData, body));
  },
  parse(bytes) {
    if (!isSignalVersion(bytes) || bytes.length < 1 + MAC_BYTES) return undefined;
    const headerBytes = bytes.slice(0, bytes.length - MAC_BYTES);
    const fields = decodeFields(headerBytes.slice(1));
    const ratchetKey = curveKeyOf(fields?.get(FIELDS.ratchetKey));
    const counter = fields?.get(FIELDS.counter);
    if (ratchetKey === undefined || typeof counter !== 'number' || counter > E2EE_LIMITS.counterMax) return undefined;
    return {
      // 0 means 0 or 1 messages: not exact enough to close a chain with.
      header: { ratchetKey, counter, previousCount: undefined, kem: undefined },
      sessionTag: undefined,
      headerBytes,
      sealed: bytes.slice(bytes.length - MAC_BYTES),
    };
  },
  open(provider, messageKey, message, associatedData) {
    const { cipherKey, macKey, iv } = keysOf(provider, messageKey);
    if (!equalBytes(macOf(provider, macKey, associatedData, message.headerBytes), message.sealed)) return undefined;
    const ciphertext = decodeFields(message.headerBytes.slice(1))?.get(FIELDS.ciphertext);
    if (!(ciphertext instanceof Uint8Array)) return undefined;
    try {
      return cbc(cipherKey, iv).decrypt(ciphertext);
    } catch {
      // Wrong padding under a right tag: the sender's fault, and still not a message.
      return undefined;
    }
  },
};
