import type { UserLogEntry } from '@parley/core';
import { makeGroupId, makeUserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { readWholeUserLog } from './read-everything.ts';
import { type OpenStores, type StoreTest, storeTest } from './store-test.ts';

/** What `UserLog` promises, shown on an engine. */
export function userLogContract(engine: string, open: OpenStores): void {
  describe(`${engine}: UserLog`, () => {
    const test = storeTest(open);
    readingCases(test);
    hidingCases(test);
    listenerCases(test);
  });
}

function readingCases(test: StoreTest): void {
  test('[SYNC-2] facts are numbered without a gap, each user by itself', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    await build.remove(alice, group, bob);
    const facts = await readWholeUserLog(stores.userLog, bob.userId, 1);
    expect(facts).toEqual([
      { userId: bob.userId, seq: 1, type: 'devices_changed', deviceId: bob.deviceId, change: 'added' },
      { userId: bob.userId, seq: 2, type: 'conversation_joined', conversationId: group },
      { userId: bob.userId, seq: 3, type: 'conversation_left', conversationId: group, reason: 'removed' },
    ]);
    expect(await stores.userLog.head(bob.userId)).toBe(3);
    expect(await stores.userLog.head(alice.userId)).toBe(2);
    const heads = await stores.userLog.heads([alice.userId, makeUserId(9_999n), bob.userId]);
    expect(heads).toEqual(
      new Map([
        [alice.userId, 2],
        [bob.userId, 3],
      ] as const),
    );
    expect(await stores.userLog.heads([])).toEqual(new Map());
  });

  test('[SYNC-2] a superseded fact is gone; the covered range says that nothing was missed', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const [first, second] = [await build.group(alice), await build.group(alice)];
    const before = await stores.userLog.head(alice.userId);
    for (const pinned of [true, false, true]) {
      for (const conversationId of [first, second]) {
        await stores.membershipStore.changeSettings(conversationId, alice.userId, { pinned });
      }
      await stores.accountStore.update(alice.userId, { status: `pinned: ${pinned}` });
    }
    const range = await stores.userLog.readAfter(alice.userId, before, 100);
    expect(range).toMatchObject({ coveredUpTo: before + 9, headSeq: before + 9 });
    expect(range.entries.map(({ type, seq }) => ({ type, seq }))).toEqual([
      { type: 'settings_changed', seq: before + 7 },
      { type: 'settings_changed', seq: before + 8 },
      { type: 'profile_changed', seq: before + 9 },
    ]);
    const facts = await readWholeUserLog(stores.userLog, alice.userId, 1);
    expect(facts.slice(-3)).toEqual(range.entries);
  });

  test('[SYNC-2] facts come in the order of their seq, also when a later one supersedes the earlier', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const [first, second] = [await build.group(alice), await build.group(alice)];
    for (const conversationId of [first, second, first]) {
      await stores.membershipStore.changeSettings(conversationId, alice.userId, { pinned: true });
    }
    const { entries, coveredUpTo } = await stores.userLog.readAfter(alice.userId, 3, 1);
    expect(entries).toMatchObject([{ seq: 5, conversationId: second }]);
    expect(coveredUpTo).toBe(5);
    expect((await stores.userLog.readAfter(alice.userId, 5, 1)).entries).toMatchObject([
      { seq: 6, conversationId: first },
    ]);
  });

  test('[SYNC-2] joining and leaving are never superseded', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    for (let round = 0; round < 2; round += 1) {
      await build.leave(bob, group);
      await build.add(alice, group, [bob]);
    }
    const types = (await readWholeUserLog(stores.userLog, bob.userId)).map(({ type }) => type);
    expect(types.slice(1)).toEqual([
      'conversation_joined',
      'conversation_left',
      'conversation_joined',
      'conversation_left',
      'conversation_joined',
    ]);
  });

  test('[SYNC-2] a user without facts has an empty log', async ({ stores, build }) => {
    const { userId } = build.account();
    expect(await stores.userLog.head(userId)).toBe(0);
    expect(await stores.userLog.readAfter(userId, 0, 10)).toEqual({ entries: [], coveredUpTo: 0, headSeq: 0 });
  });

  test('[SYNC-2] concurrent facts of one user leave no gap', async ({ stores, build }) => {
    const [alice, owner] = [await build.person(), await build.person()];
    const groups = await Promise.all(Array.from({ length: 10 }, () => build.group(owner, [alice])));
    await Promise.all(groups.map((group) => build.leave(alice, group)));
    const facts = await readWholeUserLog(stores.userLog, alice.userId);
    expect(facts.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });
}

function hidingCases(test: StoreTest): void {
  test("[DEL-2] hiding a message is a fact of the user's own log, once", async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const { seq } = await build.send(alice, group, 'seen enough');
    expect(await stores.userLog.hideMessage(bob.userId, group, seq)).toBe('hidden');
    expect(await stores.userLog.hideMessage(bob.userId, group, seq)).toBe('unchanged');
    expect((await readWholeUserLog(stores.userLog, bob.userId)).slice(2)).toEqual([
      { userId: bob.userId, seq: 3, type: 'message_hidden', conversationId: group, messageSeq: seq },
    ]);
    expect(await stores.userLog.head(alice.userId)).toBe(2);
    expect((await stores.messageLog.heads([group])).get(group)?.seq).toBe(seq);
  });

  test('[DEL-2] many hidden messages stay hidden: none supersedes another', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    for (const text of ['a', 'b', 'c']) await build.send(alice, group, text);
    for (const seq of [2, 3, 4]) await stores.userLog.hideMessage(alice.userId, group, seq);
    const facts = await readWholeUserLog(stores.userLog, alice.userId);
    expect(facts.flatMap((fact) => (fact.type === 'message_hidden' ? [fact.messageSeq] : []))).toEqual([2, 3, 4]);
  });

  test('[DEL-2] only members hide, only messages that they may see', async ({ stores, build }) => {
    const [alice, bob, stranger] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice);
    const { seq } = await build.send(alice, group, 'before Bob came');
    await build.add(alice, group, [bob]);
    const hide = stores.userLog.hideMessage.bind(stores.userLog);
    expect(await hide(stranger.userId, group, seq)).toBe('not_a_member');
    expect(await hide(alice.userId, makeGroupId(build.nextIdNumber()), seq)).toBe('not_a_member');
    expect(await hide(alice.userId, group, 1)).toBe('target_missing');
    expect(await hide(alice.userId, group, 1_000)).toBe('target_missing');
    expect(await hide(bob.userId, group, seq)).toBe('target_missing');
  });
}

function listenerCases(test: StoreTest): void {
  test('[S2] the listener hears of every fact, in order per user, once it can be read', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const heard: UserLogEntry[] = [];
    const readable: Promise<boolean>[] = [];
    const enough = Promise.withResolvers<void>();
    stores.userLog.onAppended((entries) => {
      for (const entry of entries) {
        heard.push(entry);
        readable.push(stores.userLog.head(entry.userId).then((head) => head >= entry.seq));
      }
      if (heard.length >= 9) enough.resolve();
    });
    const group = await build.group(alice, [bob]);
    const { seq } = await build.send(alice, group, 'hello');
    const whose = { conversationId: group, userId: bob.userId };
    const cursor = { ...whose, deliveredUpTo: seq, readUpTo: seq, sharesReading: true };
    await stores.membershipStore.moveCursors([cursor]);
    await stores.membershipStore.changeSettings(group, bob.userId, { archived: true });
    await stores.userLog.hideMessage(bob.userId, group, seq);
    await stores.accountStore.update(bob.userId, { name: 'Bobby' });
    const { deviceId } = await build.deviceOf(bob.userId);
    await stores.deviceStore.revoke(bob.userId, deviceId);
    await build.remove(alice, group, bob);
    await enough.promise;
    const typesOf = (userId: string) => heard.filter((entry) => entry.userId === userId).map(({ type }) => type);
    expect(typesOf(alice.userId)).toEqual(['conversation_joined']);
    expect(typesOf(bob.userId)).toEqual([
      'conversation_joined',
      'cursor_moved',
      'settings_changed',
      'message_hidden',
      'profile_changed',
      'devices_changed',
      'devices_changed',
      'conversation_left',
    ]);
    expect(heard.filter(({ userId }) => userId === bob.userId).map((entry) => entry.seq)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(await Promise.all(readable)).not.toContain(false);
  });
}
