import type { DeviceId, UserId } from '@parley/protocol';
import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { EMPTY, equalBytes } from '../bytes/bytes.ts';
import type { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';

/**
 * The devices of an account, signed by the account's own Ed25519 key, which only its owner's devices hold: the server cannot add a
 * ghost device. Versions rise and are chained by hash, so that a list taken back or shown differently to others is noticed.
 */
export interface DeviceList {
  readonly userId: UserId;
  /** Ed25519, 32 bytes. What the safety number is made of. */
  readonly accountKey: Uint8Array;
  /** From 1. */
  readonly version: number;
  /** Hash of the list before, 32 bytes; empty for the first. */
  readonly previousHash: Uint8Array;
  /** At most `devicesMax`, each once. */
  readonly devices: readonly ListedDevice[];
}

export interface ListedDevice {
  readonly deviceId: DeviceId;
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly agreementKey: Uint8Array;
}

export interface SignedDeviceList {
  readonly list: DeviceList;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Signs with the account's Ed25519 seed, 32 bytes; a signature of RFC 8032. What the list says is judged by `judgeDeviceList`. */
export async function signDeviceList(
  provider: CryptoProvider,
  accountSeed: SecretBytes,
  list: DeviceList,
): Promise<SignedDeviceList> {
  return { list, signature: await provider.ed25519.sign(accountSeed.reveal(), signedBytes(list)) };
}

/** Hash that the next version names as its `previousHash`. */
export const deviceListHash = (provider: CryptoProvider, list: DeviceList): Uint8Array =>
  provider.hash.sha256(signedBytes(list));

export type DeviceListOutcome =
  /** Keep this one. `accountKeyChanged`: the account started anew; show it to people, their safety number has changed. */
  | { readonly kind: 'accepted'; readonly accountKeyChanged: boolean }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'signature_wrong'
        | 'wrong_user'
        | 'too_many_devices'
        | 'device_listed_twice'
        /** Older than what is known: the server hides devices or their removal. */
        | 'rolled_back'
        /** Another list of the same version, or one that does not follow: two histories are shown. Raise an alarm. */
        | 'fork';
    };

/** Judges a list that the server gave for `userId` against the one known before (`undefined`: none). */
export async function judgeDeviceList(
  provider: CryptoProvider,
  userId: UserId,
  known: DeviceList | undefined,
  candidate: SignedDeviceList,
): Promise<DeviceListOutcome> {
  const { list, signature } = candidate;
  const refused = (reason: Extract<DeviceListOutcome, { kind: 'refused' }>['reason']) =>
    ({ kind: 'refused', reason }) as const;
  if (list.userId !== userId || (known !== undefined && known.userId !== userId)) return refused('wrong_user');
  if (list.devices.length > E2EE_LIMITS.devicesMax) return refused('too_many_devices');
  if (new Set(list.devices.map(({ deviceId }) => deviceId)).size !== list.devices.length) {
    return refused('device_listed_twice');
  }
  if (!(await provider.ed25519.verify(list.accountKey, signedBytes(list), signature)))
    return refused('signature_wrong');
  if (known === undefined) return { kind: 'accepted', accountKeyChanged: false };
  if (!equalBytes(known.accountKey, list.accountKey)) return { kind: 'accepted', accountKeyChanged: true };

  const knownHash = deviceListHash(provider, known);
  if (list.version < known.version) return refused('rolled_back');
  const isSame = list.version === known.version && equalBytes(knownHash, deviceListHash(provider, list));
  if (list.version === known.version && !isSame) return refused('fork');
  if (list.version === known.version + 1 && !equalBytes(list.previousHash, knownHash)) return refused('fork');
  return { kind: 'accepted', accountKeyChanged: false };
}

const LABEL = 'Parley device list v1';

function signedBytes(list: DeviceList): Uint8Array {
  const writer = new ByteWriter(512).text(LABEL).text(list.userId).raw(list.accountKey).varint(list.version);
  writer.sized(list.previousHash);
  writer.list(list.devices, ({ deviceId, signingKey, agreementKey }) => {
    writer.text(deviceId).raw(signingKey).raw(agreementKey);
  });
  return writer.finish();
}

/** For the wire: the signed bytes and the signature. */
export const writeSignedDeviceList = ({ list, signature }: SignedDeviceList): Uint8Array =>
  new ByteWriter(512).sized(signedBytes(list)).raw(signature).finish();

/** `undefined` when malformed. Nothing is verified yet. */
export function readSignedDeviceList(bytes: Uint8Array): SignedDeviceList | undefined {
  return parseBytes(bytes, (reader) => {
    const list = parseBytes(reader.sized(E2EE_LIMITS.payloadBytesMax), readList);
    const signature = reader.raw(KEY_BYTES.ed25519Signature);
    return list && { list, signature };
  });
}

function readList(reader: ByteReader): DeviceList {
  reader.expect(reader.text(LABEL.length) === LABEL);
  return {
    // The casts hold in effect: ids are compared with those of the server's other answers, never parsed again.
    userId: reader.text(E2EE_LIMITS.idBytesMax) as UserId,
    accountKey: reader.raw(KEY_BYTES.ed25519),
    version: reader.varint(),
    previousHash: reader.sized(32),
    devices: reader.list(E2EE_LIMITS.devicesMax, () => ({
      deviceId: reader.text(E2EE_LIMITS.idBytesMax) as DeviceId,
      signingKey: reader.raw(KEY_BYTES.ed25519),
      agreementKey: reader.raw(KEY_BYTES.x25519),
    })),
  };
}

/** For `expectedIdentity`: the keys that the account vouches for. The binding is not part of the list. */
export function listedIdentity(list: DeviceList, deviceId: DeviceId) {
  const device = list.devices.find((each) => each.deviceId === deviceId);
  return device && { signingKey: device.signingKey, agreementKey: device.agreementKey, binding: EMPTY };
}
