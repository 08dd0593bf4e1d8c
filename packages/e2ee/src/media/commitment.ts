import { concatBytes, equalBytes, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';

/**
 * AES-GCM does not commit: one ciphertext can be made to open under two keys to two texts, and a report of such a message proves
 * nothing. A commitment beside it does: HMAC-SHA-256 over the text, whose key is revealed with the report.
 */
export interface Commitment {
  /** 32 bytes, inside the encryption. */
  readonly openingKey: SecretBytes;
  /** 32 bytes, outside: the server keeps it with the ciphertext. */
  readonly tag: Uint8Array;
}

const LABEL = utf8('Parley commitment v1');

/** Commits to a text of any length under a fresh opening key. */
export function commitTo(provider: CryptoProvider, text: Uint8Array): Commitment {
  const openingKey = provider.randomBytes(32);
  return { openingKey: new SecretBytes(openingKey), tag: tagOf(provider, openingKey, text) };
}

/** Whether the text is the one that was committed to: for the receiver before it shows the text, and for whoever gets a report. */
export const isCommittedText = (
  provider: CryptoProvider,
  openingKey: SecretBytes,
  text: Uint8Array,
  tag: Uint8Array,
): boolean => equalBytes(tagOf(provider, openingKey.reveal(), text), tag);

const tagOf = (provider: CryptoProvider, key: Uint8Array, text: Uint8Array): Uint8Array =>
  provider.hash.hmacSha256(key, concatBytes(LABEL, text));
