import { makeDeviceId } from '@parley/protocol';
import { expect } from 'vitest';
import type { StoreTest } from './store-test.ts';

const IDENTITY = {
  username: 'zacharias',
  email: 'zacharias@example.org',
  phone: '+4917012345',
  name: 'Zacharias Zorn',
  status: 'Gone fishing',
  avatarUrl: '/avatars/z.png',
} as const;

/** The right to be forgotten. */
export function erasureOfAccountCases(test: StoreTest): void {
  test('[ACCT-1] erasing leaves a row without anything of the person', async ({ stores, build }) => {
    const { userId } = await build.person(IDENTITY);
    const at = build.nextMoment();
    await stores.accountStore.erase(userId, at);
    const account = (await stores.accountStore.findMany([userId])).get(userId);
    expect(account).toMatchObject({
      userId,
      username: null,
      email: null,
      phone: null,
      name: 'Deleted User',
      status: null,
      avatarUrl: null,
      deletedAt: at,
    });
    const left = JSON.stringify([account, await stores.accountStore.list(undefined, null, 10)]);
    expect(left).not.toMatch(/zacharias|zorn|fishing|4917012345|avatars|argon2/i);
  });

  test('[ACCT-1] who is erased is not found by any identifier or name, and the identifiers are free', async ({
    stores,
    build,
  }) => {
    const { userId } = await build.person(IDENTITY);
    await stores.accountStore.erase(userId, build.nextMoment());
    for (const identifier of [IDENTITY.username, IDENTITY.email, IDENTITY.phone, 'Deleted User']) {
      expect(await stores.accountStore.findByIdentifier(identifier)).toBeUndefined();
    }
    for (const query of ['zach', 'deleted', 'user']) {
      expect(await stores.accountStore.search(query, null, 10)).toEqual([]);
    }
    expect((await stores.accountStore.create(build.account(IDENTITY))).kind).toBe('created');
  });

  test('[ACCT-1] devices, tokens, keys and mailboxes go with the account', async ({ stores, build }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const at = build.nextMoment();
    const { deviceId } = zach;
    const phone = { deviceId: makeDeviceId(build.nextIdNumber()), userId: zach.userId, name: 'Phone' };
    const token = { digest: build.random.hex(64), expiresAt: at + 1_000 };
    await stores.deviceStore.create({ ...phone, createdAt: at, lastActiveAt: at }, token, 10);
    const key = { key_id: 1, key: 'AAAA', signature: 'BBBB' };
    const bundle = { identity_key: 'CCCC', signed_pre_key: key, one_time_keys: [{ key_id: 2, key: 'DDDD' }] };
    await stores.keyBundleStore.put(zach.userId, deviceId, bundle, 10);
    const item = { userId: zach.userId, deviceId, payload: 'c2VjcmV0' };
    const put = { senderId: alice.userId, senderDeviceId: alice.deviceId, createdAt: at, items: [item], itemsMax: 10 };
    expect((await stores.mailbox.put({ ...put, clientMsgId: build.random.uuid() })).kind).toBe('stored');

    await stores.accountStore.erase(zach.userId, at);
    expect(await stores.deviceStore.list(zach.userId)).toEqual([]);
    expect(await stores.deviceStore.find(deviceId)).toBeUndefined();
    const next = { digest: build.random.hex(64), expiresAt: at + 1_000 };
    expect(await stores.deviceStore.rotate(token.digest, next, at, 0)).toEqual({ kind: 'unknown' });
    expect(await stores.keyBundleStore.take(zach.userId)).toEqual([]);
    expect(await stores.keyBundleStore.countOneTimeKeys(deviceId)).toBe(0);
    expect((await stores.mailbox.readAfter(deviceId, 0, 10)).records).toEqual([]);
    const later = { ...put, clientMsgId: build.random.uuid() };
    expect(await stores.mailbox.put(later)).toEqual({ kind: 'devices_changed' });
  });

  test('[ACCT-1] messages stay; their author and the peer of a direct are shown as deleted', async ({
    stores,
    build,
  }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const direct = await build.direct(alice, zach);
    const sent = await build.send(zach, direct, 'remember me');
    const leaving = { conversationId: direct, actor: zach.userId, userId: zach.userId, roles: 'self' as const };
    const left = { ...leaving, reason: 'account_deleted' as const, at: build.nextMoment() };
    expect((await stores.membershipStore.remove(left)).kind).toBe('changed');
    await stores.accountStore.erase(zach.userId, build.nextMoment());
    const view = await stores.conversationStore.view(direct, alice.userId);
    expect(view?.lastMessage).toMatchObject({ sender_id: zach.userId, content: sent.content });
    expect(view?.peer).toMatchObject({ user_id: zach.userId, username: null, name: 'Deleted User', deleted: true });
  });
}
