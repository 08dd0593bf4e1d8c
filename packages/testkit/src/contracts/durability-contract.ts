import type { Stores } from '@parley/core';
import { type ConversationId, type DeviceId, makeDeviceId, type UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { Builders } from '../builders.ts';
import { readWholeHistory, readWholeLog, readWholeUserLog } from './read-everything.ts';
import type { OpenStores } from './store-test.ts';

interface Subjects {
  readonly userIds: readonly UserId[];
  readonly deviceIds: readonly DeviceId[];
  readonly conversationIds: readonly ConversationId[];
}

/** Everything that the stores answer about some subjects. Takes no key bundles: that would be a write. */
async function everythingOf(stores: Stores, { userIds, deviceIds, conversationIds }: Subjects): Promise<unknown> {
  const answers: unknown[] = [await stores.messageLog.epoch(), await stores.accountStore.counts()];
  for (const conversationId of conversationIds) {
    answers.push(await readWholeLog(stores.messageLog, conversationId));
    answers.push(await stores.conversationStore.find(conversationId));
    answers.push(await stores.membershipStore.list(conversationId, null, 100));
    answers.push(await stores.membershipStore.receipts(conversationId, 3, null, 100));
    for (const viewer of userIds) {
      const query = { conversationId, viewer, visibleFromSeq: 1, limit: 3 };
      answers.push(await stores.conversationStore.view(conversationId, viewer));
      answers.push(await readWholeHistory(stores.messageLog, query, 'older'));
    }
  }
  for (const userId of userIds) {
    answers.push((await stores.accountStore.findMany([userId])).get(userId));
    answers.push(await readWholeUserLog(stores.userLog, userId));
    answers.push(await stores.deviceStore.list(userId));
  }
  for (const deviceId of deviceIds) {
    answers.push(await stores.mailbox.readAfter(deviceId, 0, 100));
    answers.push(await stores.keyBundleStore.countOneTimeKeys(deviceId));
  }
  return answers;
}

/** A little of everything: talk, edits, reactions, deletions, hiding, cursors, keys, mailboxes, a removed member. */
async function fill(build: Builders): Promise<Subjects> {
  const { stores } = build;
  const people = [await build.person(), await build.person(), await build.person()] as const;
  const [alice, bob, carol] = people;
  const group = await build.group(alice, [bob, carol]);
  const conversationIds = [group, await build.direct(alice, bob), await build.channel(alice, [carol])];
  for (const conversationId of conversationIds) {
    for (const text of ['one', 'two', 'three', 'four']) await build.send(alice, conversationId, text);
  }
  await build.appended(build.edit(alice, group, 3, 'one, edited'));
  await build.appended(build.reaction(bob, group, 3, '👍'));
  await build.appended(build.deletion(alice, group, 4));
  await stores.userLog.hideMessage(bob.userId, group, 5);
  const whose = { conversationId: group, userId: bob.userId, sharesReading: true };
  await stores.membershipStore.moveCursors([{ ...whose, deliveredUpTo: 5, readUpTo: 5 }]);
  await stores.membershipStore.changeSettings(group, bob.userId, { muted_until: 1_900_000_000_000 });
  await build.remove(alice, group, carol);
  const key = { key_id: 1, key: 'AAAA', signature: 'BBBB' };
  const bundle = { identity_key: 'CCCC', signed_pre_key: key, one_time_keys: [{ key_id: 2, key: 'DDDD' }] };
  await stores.keyBundleStore.put(bob.userId, bob.deviceId, bundle, 10);
  const items = ['a', 'b'].map((payload) => ({ userId: bob.userId, deviceId: bob.deviceId, payload }));
  const sender = { senderId: alice.userId, senderDeviceId: alice.deviceId, clientMsgId: build.random.uuid() };
  await stores.mailbox.put({ ...sender, createdAt: build.nextMoment(), items, itemsMax: 10 });
  await stores.mailbox.acknowledge(bob.deviceId, 1);
  await stores.accountStore.touchLastSeen([{ userId: bob.userId, at: build.nextMoment() }]);
  return {
    userIds: people.map(({ userId }) => userId),
    deviceIds: people.map(({ deviceId }) => deviceId),
    conversationIds,
  };
}

/** For engines that keep what they stored: everything that was answered is there after closing and opening again. */
export function durabilityContract(engine: string, open: OpenStores): void {
  const withReopened = async (act: (build: Builders, reopen: () => Promise<Builders>) => Promise<void>) => {
    let opened = await open();
    try {
      await act(new Builders(opened.stores), async () => {
        if (opened.reopen === undefined) throw new Error(`${engine} cannot be opened again at the same place.`);
        opened = await opened.reopen();
        return new Builders(opened.stores, 2);
      });
    } finally {
      await opened.close();
    }
  };

  describe(`${engine}: durability`, () => {
    test('[S2] everything that was answered survives closing and opening again', async () => {
      await withReopened(async (build, reopen) => {
        const subjects = await fill(build);
        const before = await everythingOf(build.stores, subjects);
        const { stores } = await reopen();
        expect(await everythingOf(stores, subjects)).toEqual(before);
      });
    });

    test('[S3] keys of idempotency survive: a repeat gives the first entry, the next message the next seq', async () => {
      await withReopened(async (build, reopen) => {
        const alice = await build.person();
        const request = build.groupRequest(alice, []);
        await build.stores.conversationStore.create(request);
        const { conversationId } = request.record;
        const append = build.newMessage(alice, conversationId, 'once');
        const entry = await build.appended(append);
        const next = build.newMessage(alice, conversationId, 'next');
        const reopened = await reopen();
        expect(await reopened.append(append)).toEqual({ kind: 'duplicate', entry });
        expect(await reopened.appended(next)).toMatchObject({ seq: 3, count: 2 });
        expect(await reopened.stores.conversationStore.create(request)).toEqual({ kind: 'exists', conversationId });
      });
    });

    test('[ACCT-1] who was erased and then the engine stopped is taken out of all conversations afterwards', async () => {
      await withReopened(async (build, reopen) => {
        const [alice, zach] = [await build.person(), await build.person()];
        const groups = [await build.group(alice, [zach]), await build.group(alice, [zach])];
        await build.stores.accountStore.erase(zach.userId, build.nextMoment());
        await build.stores.accountStore.eraseNext(build.nextMoment(), 20);
        const { accountStore, membershipStore } = (await reopen()).stores;
        expect(await membershipStore.conversationsOf(zach.userId)).toEqual([groups[1]]);
        const step = await accountStore.eraseNext(build.nextMoment(), 20);
        const entry = { type: 'member_removed', conversation_id: groups[1], reason: 'account_deleted' };
        expect(step).toMatchObject({ kind: 'more', entry });
        expect(await membershipStore.conversationsOf(zach.userId)).toEqual([]);
      });
    });

    test('[ACCT-1] an erasure that was cut short goes on where it was', async () => {
      await withReopened(async (build, reopen) => {
        const [alice, zach] = [await build.person(), await build.person()];
        const group = await build.group(alice, [zach]);
        for (let sent = 0; sent < 20; sent += 1) await build.send(zach, group, `secret ${sent}`);
        await build.leave(zach, group);
        await build.stores.accountStore.erase(zach.userId, build.nextMoment());
        const step = { kind: 'more', entry: null };
        expect(await build.stores.accountStore.eraseNext(build.nextMoment(), 20)).toEqual(step);
        const { accountStore, messageLog } = (await reopen()).stores;
        const last = await accountStore.eraseNext(build.nextMoment(), 20);
        expect(last).toMatchObject({ kind: 'more', entry: { type: 'author_erased', sender_id: zach.userId } });
        expect(await accountStore.eraseNext(build.nextMoment(), 20)).toEqual({ kind: 'done' });
        expect(JSON.stringify(await readWholeLog(messageLog, group))).not.toMatch(/secret/);
      });
    });

    test('[AUTH-3] refresh tokens survive, the used ones too', async () => {
      await withReopened(async (build, reopen) => {
        const account = build.account();
        await build.stores.accountStore.create(account, 'always');
        const at = build.nextMoment();
        const token = () => ({ digest: build.random.hex(64), expiresAt: at + 1e9 });
        const [first, second, third, fourth] = [token(), token(), token(), token()];
        const identity = { deviceId: makeDeviceId(build.nextIdNumber()), userId: account.userId, name: 'Phone' };
        await build.stores.deviceStore.create({ ...identity, createdAt: at, lastActiveAt: at }, first, 20);
        await build.stores.deviceStore.rotate(first.digest, second, at);
        const { deviceStore } = (await reopen()).stores;
        expect(await deviceStore.rotate(second.digest, third, at + 1_000)).toMatchObject({ kind: 'rotated' });
        expect(await deviceStore.rotate(first.digest, fourth, at + 2_000)).toMatchObject({ kind: 'reused' });
      });
    });
  });
}
