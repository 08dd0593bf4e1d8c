import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { concatBytes, equalBytes, utf8 } from '../bytes/bytes.ts';
import type { HashPrimitives } from '../crypto/crypto-provider.ts';

/** The rounds of SHA-512 in Signal's numeric fingerprints, version 1: makes a search for look-alike numbers 5,200 times dearer. */
const ROUNDS = 5_200;
const FINGERPRINT_BYTES = 32;
const GROUPS = 6;
const BYTES_PER_GROUP = 5;
const QR_VERSION = 1;

/** Someone whose number it is: the stable user id and the account key of the device list. */
export interface SafetyNumberParty {
  readonly userId: string;
  readonly accountKey: Uint8Array;
}

/**
 * 60 digits that both people see alike exactly if each has the other's true account key; made as Signal makes them. Shown as
 * twelve groups of five.
 */
export function safetyNumber(hash: HashPrimitives, one: SafetyNumberParty, other: SafetyNumberParty): string {
  const halves = [one, other].map((party) => digitsOf(fingerprint(hash, party)));
  return halves.sort().join('');
}

function fingerprint(hash: HashPrimitives, { userId, accountKey }: SafetyNumberParty): Uint8Array {
  let digest = concatBytes(Uint8Array.of(0, 0), accountKey, utf8(userId));
  for (let round = 0; round < ROUNDS; round += 1) digest = concatBytes(hash.sha512(concatBytes(digest, accountKey)));
  return digest;
}

/** Each five bytes as a number modulo 100,000. */
function digitsOf(digest: Uint8Array): string {
  let digits = '';
  for (let group = 0; group < GROUPS; group += 1) {
    let value = 0;
    for (const byte of digest.subarray(group * BYTES_PER_GROUP, (group + 1) * BYTES_PER_GROUP))
      value = value * 256 + byte;
    digits += (value % 100_000).toString().padStart(5, '0');
  }
  return digits;
}

/** What a QR code shows: version, our fingerprint, theirs. 65 bytes. */
export function safetyNumberQrPayload(
  hash: HashPrimitives,
  own: SafetyNumberParty,
  peer: SafetyNumberParty,
): Uint8Array {
  const [ours, theirs] = [own, peer].map((party) => fingerprint(hash, party).subarray(0, FINGERPRINT_BYTES));
  return concatBytes(Uint8Array.of(QR_VERSION), ours ?? new Uint8Array(0), theirs ?? new Uint8Array(0));
}

export type QrComparison = 'match' | 'mismatch' | 'unreadable' | 'newer_version';

/** Compares what was scanned from the peer's screen: their "ours" must be our "theirs" and the other way round. */
export function compareQrPayload(
  hash: HashPrimitives,
  own: SafetyNumberParty,
  peer: SafetyNumberParty,
  scanned: Uint8Array,
): QrComparison {
  if ((scanned[0] ?? 0) > QR_VERSION) return 'newer_version';
  const fields = parseBytes(scanned, (reader) => {
    reader.expect(reader.byte() === QR_VERSION);
    return { theirs: reader.raw(FINGERPRINT_BYTES), ours: reader.raw(FINGERPRINT_BYTES) };
  });
  if (fields === undefined) return 'unreadable';
  const expected = new ByteWriter().byte(QR_VERSION).raw(fields.ours).raw(fields.theirs).finish();
  return equalBytes(expected, safetyNumberQrPayload(hash, own, peer)) ? 'match' : 'mismatch';
}
