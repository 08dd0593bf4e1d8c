import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { equalBytes } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import { type DeviceAddress, readAddress, writeAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { type OwnSenderKey, type PeerSenderKey, SENDER_KEY_ID_BYTES, type SenderKeyScope } from './sender-key.ts';

/** What a device keeps about its own key for a group: the key, and the devices that have it. */
export interface OwnSenderKeyRecord {
  readonly key: OwnSenderKey;
  readonly sharedWith: readonly DeviceAddress[];
  /** Who had the keys before this one, newest first: those devices may still ask for messages that they could not read. */
  readonly earlier: readonly SenderKeyReaders[];
}

export interface SenderKeyReaders {
  readonly keyId: Uint8Array;
  readonly readers: readonly DeviceAddress[];
}

/** The devices that can read what was sent with a key; none when the key is too old to be remembered. */
export function readersOf(record: OwnSenderKeyRecord, keyId: Uint8Array): readonly DeviceAddress[] {
  if (equalBytes(record.key.keyId, keyId)) return record.sharedWith;
  return record.earlier.find((each) => equalBytes(each.keyId, keyId))?.readers ?? [];
}

const FORM_VERSION = 1;

export function writeOwnSenderKey({ key, sharedWith, earlier }: OwnSenderKeyRecord): Uint8Array {
  const writer = new ByteWriter(512).byte(FORM_VERSION);
  writeScope(writer, key);
  writer.raw(key.keyId).raw(key.chainKey.reveal()).varint(key.nextCounter);
  writer.raw(key.signingSeed.reveal()).raw(key.signingKey).varint(key.createdAtMs);
  writer.list(sharedWith, (address) => writeAddress(writer, address));
  writer.list(earlier, ({ keyId, readers }) => {
    writer.raw(keyId).list(readers, (address) => writeAddress(writer, address));
  });
  return writer.finish();
}

export function readOwnSenderKey(bytes: Uint8Array): OwnSenderKeyRecord | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    const key = {
      ...readScope(reader),
      keyId: reader.raw(SENDER_KEY_ID_BYTES),
      chainKey: new SecretBytes(reader.raw(32)),
      nextCounter: reader.varint(),
      signingSeed: new SecretBytes(reader.raw(KEY_BYTES.ed25519)),
      signingKey: reader.raw(KEY_BYTES.ed25519),
      createdAtMs: reader.varint(),
    };
    const readDevices = () => reader.list(E2EE_LIMITS.groupDevicesMax, () => readAddress(reader));
    const sharedWith = readDevices();
    const earlier = reader.list(E2EE_LIMITS.senderKeysPerDeviceMax, () => ({
      keyId: reader.raw(SENDER_KEY_ID_BYTES),
      readers: readDevices(),
    }));
    return { key, sharedWith, earlier };
  });
}

/** Newest first. */
export function writePeerSenderKeys(keys: readonly PeerSenderKey[]): Uint8Array {
  const writer = new ByteWriter(512).byte(FORM_VERSION);
  writer.list(keys, (key) => {
    writeScope(writer, key);
    writer.raw(key.keyId).raw(key.signingKey).raw(key.chainKey.reveal()).varint(key.nextCounter);
    writer.varint(key.skipped.size);
    for (const [counter, messageKey] of key.skipped) writer.varint(counter).raw(messageKey.reveal());
  });
  return writer.finish();
}

export function readPeerSenderKeys(bytes: Uint8Array): readonly PeerSenderKey[] | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    return reader.list(E2EE_LIMITS.senderKeysPerDeviceMax, () => {
      const scope = readScope(reader);
      const keyId = reader.raw(SENDER_KEY_ID_BYTES);
      const signingKey = reader.raw(KEY_BYTES.ed25519);
      const chainKey = new SecretBytes(reader.raw(32));
      const nextCounter = reader.varint();
      const entries = reader.list(
        E2EE_LIMITS.senderKeyMessagesMax,
        () => [reader.varint(), new SecretBytes(reader.raw(32))] as const,
      );
      return { ...scope, keyId, signingKey, chainKey, nextCounter, skipped: new Map(entries) };
    });
  });
}

function writeScope(writer: ByteWriter, scope: SenderKeyScope): void {
  writer.text(scope.groupId);
  writeAddress(writer, scope.sender);
  writer.varint(scope.epoch).raw(scope.membershipHash);
}

const readScope = (reader: ByteReader): SenderKeyScope => ({
  groupId: reader.text(E2EE_LIMITS.idBytesMax),
  sender: readAddress(reader),
  epoch: reader.varint(),
  membershipHash: reader.raw(32),
});
