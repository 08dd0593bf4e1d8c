import type { DeviceRecord, RefreshToken } from '@parley/core';
import { makeDeviceId, type UserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import type { Builders } from '../builders.ts';
import { readWholeUserLog } from './read-everything.ts';
import { type OpenStores, type StoreTest, storeTest } from './store-test.ts';

/** What `DeviceStore` promises, shown on an engine. */
export function deviceStoreContract(engine: string, open: OpenStores): void {
  describe(`${engine}: DeviceStore`, () => {
    const test = storeTest(open);
    deviceCases(test);
    rotationCases(test);
    reuseCases(test);
  });
}

const LATER = 1_900_000_000_000;

const record = (build: Builders, userId: UserId, lastActiveAt = 0): DeviceRecord => ({
  deviceId: makeDeviceId(build.nextIdNumber()),
  userId,
  name: 'Phone',
  createdAt: build.nextMoment(),
  lastActiveAt,
});
const token = (build: Builders, expiresAt = LATER): RefreshToken => ({ digest: build.random.hex(64), expiresAt });

function deviceCases(test: StoreTest): void {
  test('[AUTH-2] a device is kept as it was made, and its user learns of it', async ({ stores, build }) => {
    const { userId, deviceId } = await build.person();
    const device = record(build, userId, 1_760_000_000_000);
    expect(await stores.deviceStore.create(device, token(build), 20)).toEqual({ revoked: [] });
    expect(await stores.deviceStore.find(device.deviceId)).toEqual(device);
    const listed = await stores.deviceStore.list(userId);
    expect(listed.map((other) => other.deviceId).sort()).toEqual([deviceId, device.deviceId].sort());
    expect((await readWholeUserLog(stores.userLog, userId)).at(-1)).toMatchObject({
      type: 'devices_changed',
      deviceId: device.deviceId,
      change: 'added',
    });
    expect(await stores.deviceStore.find(makeDeviceId(build.nextIdNumber()))).toBeUndefined();
    expect(await stores.deviceStore.list(build.account().userId)).toEqual([]);
  });

  test('[AUTH-2] one device too many revokes the one longest inactive', async ({ stores, build }) => {
    const account = build.account();
    await stores.accountStore.create(account, 'always');
    const devices = [30, 10, 20].map((lastActiveAt) => record(build, account.userId, lastActiveAt));
    for (const device of devices) {
      expect(await stores.deviceStore.create(device, token(build), 3)).toEqual({ revoked: [] });
    }
    const [, idle] = devices;
    const fourth = record(build, account.userId, 40);
    expect(await stores.deviceStore.create(fourth, token(build), 3)).toEqual({ revoked: [idle?.deviceId] });
    expect(await stores.deviceStore.list(account.userId)).toHaveLength(3);
    const facts = await readWholeUserLog(stores.userLog, account.userId);
    expect(facts.slice(3).map((fact) => fact.type === 'devices_changed' && [fact.deviceId, fact.change])).toEqual(
      expect.arrayContaining([
        [idle?.deviceId, 'removed'],
        [fourth.deviceId, 'added'],
      ]),
    );
  });

  test('[AUTH-2] a device that was just made is never the one that has to go', async ({ stores, build }) => {
    const { userId, deviceId } = await build.person();
    const device = record(build, userId, 0);
    expect(await stores.deviceStore.create(device, token(build), 1)).toEqual({ revoked: [deviceId] });
    expect(await stores.deviceStore.list(userId)).toEqual([device]);
  });

  test('[CONN-7] a revoked device is gone with its tokens; only its own user can revoke it', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const [device, refresh] = [record(build, alice.userId), token(build)];
    await stores.deviceStore.create(device, refresh, 20);
    expect(await stores.deviceStore.revoke(bob.userId, device.deviceId)).toBe(false);
    expect(await stores.deviceStore.find(device.deviceId)).toEqual(device);
    expect(await stores.deviceStore.revoke(alice.userId, device.deviceId)).toBe(true);
    expect(await stores.deviceStore.revoke(alice.userId, device.deviceId)).toBe(false);
    expect(await stores.deviceStore.find(device.deviceId)).toBeUndefined();
    expect(await stores.deviceStore.rotate(refresh.digest, token(build), 0)).toEqual({ kind: 'unknown' });
    expect((await readWholeUserLog(stores.userLog, alice.userId)).at(-1)).toMatchObject({
      type: 'devices_changed',
      deviceId: device.deviceId,
      change: 'removed',
    });
  });

  test('[CONN-7] keys and mailbox of a revoked device go with it', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const key = { key_id: 1, key: 'AAAA', signature: 'BBBB' };
    const bundle = { identity_key: 'CCCC', signed_pre_key: key, one_time_keys: [{ key_id: 2, key: 'DDDD' }] };
    await stores.keyBundleStore.put(bob.userId, bob.deviceId, bundle, 10);
    const items = [{ userId: bob.userId, deviceId: bob.deviceId, payload: 'AAAA' }];
    const sender = { senderId: alice.userId, senderDeviceId: alice.deviceId, clientMsgId: build.random.uuid() };
    await stores.mailbox.put({ ...sender, createdAt: build.nextMoment(), items, itemsMax: 10 });
    await stores.deviceStore.revoke(bob.userId, bob.deviceId);
    expect(await stores.keyBundleStore.take(bob.userId)).toEqual([]);
    expect(await stores.keyBundleStore.countOneTimeKeys(bob.deviceId)).toBe(0);
    expect((await stores.mailbox.readAfter(bob.deviceId, 0, 10)).records).toEqual([]);
  });
}

/** A user with one device, made at moment 0, and its refresh token. */
async function loggedIn({ build }: { readonly build: Builders }, expiresAt = LATER) {
  const account = build.account();
  await build.stores.accountStore.create(account, 'always');
  const [device, first] = [record(build, account.userId), token(build, expiresAt)];
  await build.stores.deviceStore.create(device, first, 20);
  const rotate = (from: RefreshToken, to: RefreshToken, at: number) =>
    build.stores.deviceStore.rotate(from.digest, to, at);
  return { device, first, second: token(build), third: token(build), rotate };
}

function rotationCases(test: StoreTest): void {
  test('[AUTH-3] a refresh token is exchanged for the next, again and again', async ({ build }) => {
    const { device, first, second, third, rotate } = await loggedIn({ build });
    const identity = { deviceId: device.deviceId, userId: device.userId };
    expect(await rotate(first, second, 1_000)).toMatchObject({ kind: 'rotated', device: identity });
    expect(await rotate(second, third, 100_000)).toMatchObject({ kind: 'rotated', device: identity });
    expect(await rotate(third, token(build), 200_000)).toMatchObject({ kind: 'rotated', device: identity });
  });

  test('[AUTH-3] the token just exchanged works until its successor is exchanged: its answer may have been lost', async ({
    build,
  }) => {
    const { device, first, second, third, rotate } = await loggedIn({ build });
    await rotate(first, second, 1_000);
    const identity = { deviceId: device.deviceId, userId: device.userId };
    expect(await rotate(first, third, 86_400_000)).toMatchObject({ kind: 'repeated', device: identity });
    expect(await rotate(third, token(build), 86_500_000)).toMatchObject({ kind: 'rotated' });
  });

  test('[AUTH-3] the answer may be lost twice', async ({ build }) => {
    const { first, second, third, rotate } = await loggedIn({ build });
    await rotate(first, second, 1_000);
    const fourth = token(build);
    expect(await rotate(first, third, 2_000)).toMatchObject({ kind: 'repeated' });
    expect(await rotate(first, fourth, 3_000)).toMatchObject({ kind: 'repeated' });
    expect(await rotate(fourth, token(build), 60_000)).toMatchObject({ kind: 'rotated' });
  });

  test('[AUTH-3] of two answers to one token either is good, whichever was given last', async ({ build }) => {
    const { first, second, third, rotate } = await loggedIn({ build });
    await rotate(first, second, 1_000);
    await rotate(first, third, 2_000);
    expect(await rotate(second, token(build), 600_000)).toMatchObject({ kind: 'rotated' });
  });

  test('[AUTH-3] of the answers to one token the 20 given last are kept', async ({ build }) => {
    const { first, second, rotate } = await loggedIn({ build });
    await rotate(first, second, 1_000);
    const given = Array.from({ length: 20 }, (_, index) => token(build, LATER + index + 1));
    for (const one of given) await rotate(first, one, 2_000);
    expect(await rotate(second, token(build), 3_000)).toEqual({ kind: 'unknown' });
    expect(await rotate(given[0] ?? second, token(build), 3_000)).toMatchObject({ kind: 'rotated' });
  });

  test('[AUTH-2] a token past its time is expired and replaces nothing', async ({ stores, build }) => {
    const { device, first, second, rotate } = await loggedIn({ build }, 5_000);
    expect(await rotate(first, second, 5_001)).toEqual({ kind: 'expired' });
    expect(await stores.deviceStore.find(device.deviceId)).toEqual(device);
    expect(await rotate(second, token(build), 5_002)).toEqual({ kind: 'unknown' });
    expect(await rotate(first, second, 4_999)).toMatchObject({ kind: 'rotated' });
  });

  test('[AUTH-4] a token that was never given is unknown', async ({ build }) => {
    const { first, rotate } = await loggedIn({ build });
    expect(await rotate(token(build), token(build), 1_000)).toEqual({ kind: 'unknown' });
    expect(await rotate(first, token(build), 1_000)).toMatchObject({ kind: 'rotated' });
  });
}

function reuseCases(test: StoreTest): void {
  test('[AUTH-3] of two who hold the same token, the second to go on logs the device out', async ({
    stores,
    build,
  }) => {
    const { device, first, second, third, rotate } = await loggedIn({ build });
    await rotate(first, second, 1_000);
    await rotate(first, third, 1_500);
    await rotate(second, token(build), 2_000);
    const outcome = await rotate(third, token(build), 2_500);
    expect(outcome).toMatchObject({ kind: 'reused', device: { deviceId: device.deviceId, userId: device.userId } });
    expect(await stores.deviceStore.find(device.deviceId)).toBeUndefined();
    for (const dead of [first, second, third]) {
      expect(await rotate(dead, token(build), 12_000)).toEqual({ kind: 'unknown' });
    }
    expect((await readWholeUserLog(stores.userLog, device.userId)).at(-1)).toMatchObject({
      type: 'devices_changed',
      deviceId: device.deviceId,
      change: 'removed',
    });
  });

  test('[AUTH-3] a token older than the one just exchanged logs the device out', async ({ build }) => {
    const { first, second, third, rotate } = await loggedIn({ build });
    await rotate(first, second, 1_000);
    await rotate(second, third, 2_000);
    expect(await rotate(first, token(build), 3_000)).toMatchObject({ kind: 'reused' });
    expect(await rotate(third, token(build), 3_000)).toEqual({ kind: 'unknown' });
  });

  test('[AUTH-3] a token remembered from long ago is still known as used', async ({ build }) => {
    const { first, second, rotate } = await loggedIn({ build });
    let current = second;
    await rotate(first, second, 0);
    for (let round = 1; round <= 30; round += 1) {
      const next = token(build);
      expect(await rotate(current, next, round * 600_000)).toMatchObject({ kind: 'rotated' });
      current = next;
    }
    expect(await rotate(first, token(build), 31 * 600_000)).toMatchObject({ kind: 'reused' });
  });

  test('[AUTH-3] one token exchanged many times at once is rotated once', async ({ build }) => {
    const { first, rotate } = await loggedIn({ build });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => rotate(first, token(build), 1_000)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
      'repeated',
      'repeated',
      'repeated',
      'repeated',
      'rotated',
    ]);
  });

  test("[AUTH-3] one device's reuse leaves the user's other devices alone", async ({ stores, build }) => {
    const { device, first, second, rotate } = await loggedIn({ build });
    const other = await build.deviceOf(device.userId);
    await rotate(first, second, 1_000);
    await rotate(second, token(build), 2_000);
    await rotate(first, token(build), 3_000);
    expect((await stores.deviceStore.list(device.userId)).map(({ deviceId }) => deviceId)).toEqual([other.deviceId]);
  });
}
