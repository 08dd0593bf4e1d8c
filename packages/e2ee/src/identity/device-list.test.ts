import { makeDeviceId, makeUserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { EMPTY, hexOf } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { nodeProvider as provider } from '../crypto/node-provider.ts';
import {
  type DeviceList,
  deviceListHash,
  judgeDeviceList,
  listedIdentity,
  readSignedDeviceList,
  signDeviceList,
  writeSignedDeviceList,
} from './device-list.ts';
import { compareQrPayload, safetyNumber, safetyNumberQrPayload } from './safety-number.ts';

const seed = new SecretBytes(new Uint8Array(32).fill(1));
const accountKey = await provider.ed25519.publicKey(seed.reveal());
const device = (number: number) => ({
  deviceId: makeDeviceId(BigInt(number)),
  signingKey: new Uint8Array(32).fill(number),
  agreementKey: new Uint8Array(32).fill(number + 100),
});
const listOf = (version: number, previousHash: Uint8Array, ...devices: number[]): DeviceList => ({
  userId: makeUserId(1n),
  accountKey,
  version,
  previousHash,
  devices: devices.map(device),
});

describe('device list', () => {
  const first = listOf(1, EMPTY, 1);
  const second = listOf(2, deviceListHash(provider, first), 1, 2);
  const judge = async (known: DeviceList | undefined, list: DeviceList) => {
    const outcome = await judgeDeviceList(provider, makeUserId(1n), known, await signDeviceList(provider, seed, list));
    return outcome.kind === 'refused' ? outcome.reason : outcome;
  };
  const accepted = { kind: 'accepted', accountKeyChanged: false };

  it('a ghost device, a roll-back and a second history are refused', async () => {
    expect(await judge(undefined, first)).toEqual(accepted);
    expect(await judge(first, second)).toEqual(accepted);
    expect(await judge(second, second)).toEqual(accepted);
    expect(await judge(second, first)).toBe('rolled_back');
    expect(await judge(second, listOf(2, second.previousHash, 1, 3))).toBe('fork');
    expect(await judge(first, listOf(2, new Uint8Array(32), 1, 3))).toBe('fork');
    expect(await judge(undefined, listOf(1, EMPTY, 1, 1))).toBe('device_listed_twice');
    expect(await judge(undefined, listOf(1, EMPTY, ...Array.from({ length: 33 }, (_, index) => index)))).toBe(
      'too_many_devices',
    );
    expect(await judge(undefined, { ...first, userId: makeUserId(2n) })).toBe('wrong_user');
    const signed = await signDeviceList(provider, seed, second);
    const ghost = { ...signed, list: listOf(2, second.previousHash, 1, 2, 3) };
    const outcome = await judgeDeviceList(provider, makeUserId(1n), first, ghost);
    expect(outcome).toEqual({ kind: 'refused', reason: 'signature_wrong' });
  });

  it('a new account key is accepted and said out loud', async () => {
    const otherSeed = new SecretBytes(new Uint8Array(32).fill(2));
    const list = { ...listOf(1, EMPTY, 9), accountKey: await provider.ed25519.publicKey(otherSeed.reveal()) };
    const signed = await signDeviceList(provider, otherSeed, list);
    const outcome = await judgeDeviceList(provider, makeUserId(1n), second, signed);
    expect(outcome).toEqual({ kind: 'accepted', accountKeyChanged: true });
  });

  it('reads back from the wire and names the keys of its devices', async () => {
    const signed = await signDeviceList(provider, seed, second);
    const bytes = writeSignedDeviceList(signed);
    expect(readSignedDeviceList(bytes)).toEqual(signed);
    expect(readSignedDeviceList(bytes.slice(1))).toBeUndefined();
    expect(readSignedDeviceList(Uint8Array.of(...bytes, 0))).toBeUndefined();
    expect(listedIdentity(second, makeDeviceId(2n))?.signingKey).toEqual(device(2).signingKey);
    expect(listedIdentity(second, makeDeviceId(3n))).toBeUndefined();
  });
});

describe('safety number', () => {
  const alice = { userId: 'usr_alice', accountKey: new Uint8Array(32).fill(1) };
  const bob = { userId: 'usr_bob', accountKey: new Uint8Array(32).fill(2) };
  const { hash } = provider;

  it('is 60 digits, the same for both, and another one for another key', () => {
    const number = safetyNumber(hash, alice, bob);
    expect(number).toMatch(/^\d{60}$/);
    expect(safetyNumber(hash, bob, alice)).toBe(number);
    expect(safetyNumber(hash, alice, { ...bob, accountKey: new Uint8Array(32).fill(3) })).not.toBe(number);
  });

  it('a scanned code matches the peer, not an impostor, and damage and newer forms are told apart', () => {
    const shown = safetyNumberQrPayload(hash, bob, alice);
    expect(hexOf(shown.slice(0, 1))).toBe('01');
    expect(compareQrPayload(hash, alice, bob, shown)).toBe('match');
    expect(compareQrPayload(hash, alice, { ...bob, userId: 'usr_eve' }, shown)).toBe('mismatch');
    expect(compareQrPayload(hash, alice, bob, safetyNumberQrPayload(hash, alice, bob))).toBe('mismatch');
    expect(compareQrPayload(hash, alice, bob, shown.slice(0, -1))).toBe('unreadable');
    expect(compareQrPayload(hash, alice, bob, Uint8Array.of(2, ...shown.slice(1)))).toBe('newer_version');
  });
});
