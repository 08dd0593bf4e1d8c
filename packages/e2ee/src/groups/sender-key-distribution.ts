import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { type OwnSenderKey, type PeerSenderKey, SENDER_KEY_ID_BYTES } from './sender-key.ts';

const FORM_VERSION = 1;

/**
 * The sender key as it travels, inside a session's encryption, to each member device: its present position only, so a device that
 * gets it later reads nothing older (G2). The sender is not in it: it is whoever the session belongs to.
 */
export function writeDistribution(key: OwnSenderKey): Uint8Array {
  return new ByteWriter()
    .byte(FORM_VERSION)
    .text(key.groupId)
    .varint(key.epoch)
    .raw(key.membershipHash)
    .raw(key.keyId)
    .raw(key.signingKey)
    .varint(key.nextCounter)
    .raw(key.chainKey.reveal())
    .finish();
}

/** `undefined` when malformed or for a group other than the one it came in. */
export function readDistribution(bytes: Uint8Array, groupId: string, sender: DeviceAddress): PeerSenderKey | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    reader.expect(reader.text(E2EE_LIMITS.idBytesMax) === groupId);
    return {
      groupId,
      sender,
      epoch: reader.varint(E2EE_LIMITS.counterMax),
      membershipHash: reader.raw(32),
      keyId: reader.raw(SENDER_KEY_ID_BYTES),
      signingKey: reader.raw(KEY_BYTES.ed25519),
      nextCounter: reader.varint(E2EE_LIMITS.counterMax),
      chainKey: new SecretBytes(reader.raw(32)),
      skipped: new Map(),
    };
  });
}
