import { type ConversationId, makeGroupId, makeUserId, type UserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import type { Person } from '../builders.ts';
import { cursorCases } from './cursor-cases.ts';
import { memberViewCases } from './member-view-cases.ts';
import { readWholeLog, readWholeUserLog } from './read-everything.ts';
import { type OpenStores, type StoreTest, storeTest } from './store-test.ts';

/** What `MembershipStore` promises, shown on an engine. */
export function membershipStoreContract(engine: string, open: OpenStores): void {
  describe(`${engine}: MembershipStore`, () => {
    const test = storeTest(open);
    addingCases(test);
    removingCases(test);
    roleCases(test);
    memberViewCases(test);
    cursorCases(test);
  });
}

const byId = (people: readonly Person[]): UserId[] => people.map(({ userId }) => userId).sort();

function addingCases(test: StoreTest): void {
  test('[MEMB-3] adding writes one entry with those who are new, and tells each of them', async ({ stores, build }) => {
    const [alice, bob, carol, dave] = [
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
    ];
    const group = await build.group(alice, [bob]);
    const outcome = await build.add(alice, group, [bob, carol, dave]);
    if (outcome.kind !== 'changed' || outcome.entry.type !== 'member_added') throw new Error('Nobody was added.');
    expect(outcome.entry).toMatchObject({ conversation_id: group, seq: 3, count: 0, sender_id: alice.userId });
    expect([...outcome.entry.user_ids].sort()).toEqual(byId([carol, dave]));
    expect((await readWholeLog(stores.messageLog, group)).at(-1)).toEqual(outcome.entry);
    for (const { userId } of [carol, dave]) {
      const facts = await readWholeUserLog(stores.userLog, userId);
      expect(facts.at(-1)).toMatchObject({ type: 'conversation_joined', conversationId: group });
    }
    expect(await stores.userLog.head(bob.userId)).toBe(2);
    expect((await stores.conversationStore.find(group))?.memberCount).toBe(4);
  });

  test('[HIST-4] a new member of a group sees from its joining on, of a channel everything', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const [group, channel] = [await build.group(alice), await build.channel(alice)];
    for (const conversationId of [group, channel]) {
      for (const text of ['a', 'b']) await build.send(alice, conversationId, text);
      await build.add(alice, conversationId, [bob]);
    }
    const cursors = { deliveredUpTo: 4, readUpTo: 4, readCount: 2, role: 'member' };
    expect(await stores.membershipStore.find(group, bob.userId)).toMatchObject({ ...cursors, visibleFromSeq: 4 });
    expect(await stores.membershipStore.find(channel, bob.userId)).toMatchObject({ ...cursors, visibleFromSeq: 1 });
  });

  test('[HIST-4] first members of a group see its creation or their own joining, those of a direct all', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const [group, direct] = [await build.group(alice, [bob]), await build.direct(alice, bob)];
    expect((await stores.membershipStore.find(group, bob.userId))?.visibleFromSeq).toBeLessThanOrEqual(2);
    expect((await stores.membershipStore.find(direct, bob.userId))?.visibleFromSeq).toBe(1);
  });

  test('[MEMB-3] adding only members changes nothing and writes nothing', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    expect(await build.add(alice, group, [bob, alice])).toEqual({ kind: 'unchanged' });
    expect(await readWholeLog(stores.messageLog, group)).toHaveLength(2);
  });

  test('[CONV-2] too many members or an unknown person: nobody is added', async ({ stores, build }) => {
    const [alice, bob, carol, gone] = [
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
    ];
    await stores.accountStore.erase(gone.userId, build.nextMoment());
    const nobody = { userId: makeUserId(build.nextIdNumber()), deviceId: alice.deviceId };
    const group = await build.group(alice);
    expect(await build.add(alice, group, [bob, carol], 2)).toEqual({ kind: 'too_many_members' });
    expect(await build.add(alice, group, [bob, nobody])).toEqual({ kind: 'unknown_user', userId: nobody.userId });
    expect(await build.add(alice, group, [bob, gone])).toEqual({ kind: 'unknown_user', userId: gone.userId });
    expect(await stores.membershipStore.find(group, bob.userId)).toBeUndefined();
    expect(await build.add(alice, group, [bob], 2)).toMatchObject({ kind: 'changed' });
    expect(await build.add(alice, group, [alice, bob], 2)).toEqual({ kind: 'unchanged' });
  });

  test('[CONV-2] the limit holds when many are added at once', async ({ stores, build }) => {
    const people = await build.people(6);
    const alice = await build.person();
    const group = await build.group(alice);
    const outcomes = await Promise.all(people.map((person) => build.add(alice, group, [person], 4)));
    expect(outcomes.filter(({ kind }) => kind === 'changed')).toHaveLength(3);
    expect((await stores.conversationStore.find(group))?.memberCount).toBe(4);
  });

  test('[MEMB-1] adding needs a role; joining oneself needs none', async ({ stores, build }) => {
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const channel = await build.channel(alice, [bob], { visibility: 'public' });
    const nowhere: ConversationId = makeGroupId(build.nextIdNumber());
    const request = { membersMax: 10, at: build.nextMoment(), userIds: [carol.userId] };
    const add = (
      actor: UserId,
      roles: readonly ['owner', 'admin'] | 'self',
      conversationId: ConversationId = channel,
    ) => stores.membershipStore.add({ ...request, conversationId, actor, roles });
    expect(await add(bob.userId, ['owner', 'admin'])).toEqual({ kind: 'role_too_low' });
    expect(await add(carol.userId, ['owner', 'admin'])).toEqual({ kind: 'not_a_member' });
    expect(await add(carol.userId, 'self', nowhere)).toEqual({ kind: 'not_a_member' });
    expect(await add(carol.userId, 'self')).toMatchObject({
      kind: 'changed',
      entry: { type: 'member_added', sender_id: carol.userId, user_ids: [carol.userId] },
    });
    expect(await add(carol.userId, 'self')).toEqual({ kind: 'unchanged' });
  });
}

function removingCases(test: StoreTest): void {
  test('[MEMB-3] a removal is an entry, and the last that the removed hears is in its user log', async ({
    stores,
    build,
  }) => {
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice, [bob, carol]);
    const removed = await build.remove(alice, group, bob);
    const left = await build.leave(carol, group);
    const header = { conversation_id: group, type: 'member_removed' };
    expect(removed).toMatchObject({
      kind: 'changed',
      entry: { ...header, seq: 3, sender_id: alice.userId, user_id: bob.userId, reason: 'removed' },
    });
    expect(left).toMatchObject({
      kind: 'changed',
      entry: { ...header, seq: 4, sender_id: carol.userId, user_id: carol.userId, reason: 'left' },
    });
    expect((await readWholeUserLog(stores.userLog, bob.userId)).at(-1)).toMatchObject({
      type: 'conversation_left',
      conversationId: group,
      reason: 'removed',
    });
    expect(await stores.membershipStore.find(group, bob.userId)).toBeUndefined();
    expect(await stores.membershipStore.conversationsOf(bob.userId)).toEqual([]);
  });

  test('[HIST-4] who comes back is a new member: new first visible seq, own settings forgotten', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const settings = await stores.membershipStore.changeSettings(group, bob.userId, { pinned: true });
    expect(settings?.pinned).toBe(true);
    await build.remove(alice, group, bob);
    await build.send(alice, group, 'behind your back');
    await build.add(alice, group, [bob]);
    expect(await stores.membershipStore.find(group, bob.userId)).toMatchObject({
      visibleFromSeq: 5,
      readUpTo: 5,
      readCount: 1,
      settings: { pinned: false },
    });
  });

  test('[MEMB-1] removing needs a role, and only an owner removes an owner', async ({ stores, build }) => {
    const [alice, bob, carol, stranger] = [
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
    ];
    const group = await build.group(alice, [bob, carol]);
    await build.changeRole(alice, group, bob, 'admin');
    expect(await build.remove(carol, group, bob)).toEqual({ kind: 'role_too_low' });
    expect(await build.remove(bob, group, alice)).toEqual({ kind: 'role_too_low' });
    expect(await build.remove(stranger, group, carol)).toEqual({ kind: 'not_a_member' });
    expect(await build.remove(alice, group, stranger)).toEqual({ kind: 'target_missing' });
    expect(await build.remove(alice, makeGroupId(build.nextIdNumber()), bob)).toEqual({ kind: 'not_a_member' });
    expect((await stores.conversationStore.find(group))?.memberCount).toBe(3);
    expect(await build.remove(bob, group, carol)).toMatchObject({ kind: 'changed' });
  });

  test('[MEMB-2] the last owner cannot leave or be removed while others remain; alone it can leave', async ({
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    expect(await build.leave(alice, group)).toEqual({ kind: 'last_owner' });
    expect(await build.remove(alice, group, alice)).toEqual({ kind: 'last_owner' });
    await build.changeRole(alice, group, bob, 'owner');
    expect(await build.leave(alice, group)).toMatchObject({ kind: 'changed' });
    expect(await build.leave(bob, group)).toMatchObject({ kind: 'changed' });
  });

  test('[MEMB-2] two owners who leave at once do not leave the others without an owner', async ({ stores, build }) => {
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice, [bob, carol]);
    await build.changeRole(alice, group, bob, 'owner');
    const outcomes = await Promise.all([build.leave(alice, group), build.leave(bob, group)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['changed', 'last_owner']);
    const roles = (await stores.membershipStore.list(group, null, 10)).map(({ role }) => role);
    expect(roles.sort()).toEqual(['member', 'owner']);
  });
}

function roleCases(test: StoreTest): void {
  test('[MEMB-3] a change of role is an entry of the log', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    expect(await build.changeRole(alice, group, bob, 'admin')).toMatchObject({
      kind: 'changed',
      entry: { type: 'member_role_changed', seq: 3, sender_id: alice.userId, user_id: bob.userId, role: 'admin' },
    });
    expect((await stores.membershipStore.find(group, bob.userId))?.role).toBe('admin');
  });

  test('[MEMB-2] roles are changed by owners; admins make and unmake admins, but no owners', async ({ build }) => {
    const [alice, bob, carol, stranger] = [
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
    ];
    const group = await build.group(alice, [bob, carol]);
    await build.changeRole(alice, group, bob, 'admin');
    expect(await build.changeRole(carol, group, bob, 'member')).toEqual({ kind: 'role_too_low' });
    expect(await build.changeRole(bob, group, alice, 'member')).toEqual({ kind: 'role_too_low' });
    expect(await build.changeRole(bob, group, carol, 'owner')).toEqual({ kind: 'role_too_low' });
    expect(await build.changeRole(bob, group, carol, 'admin')).toMatchObject({ kind: 'changed' });
    expect(await build.changeRole(stranger, group, carol, 'admin')).toEqual({ kind: 'not_a_member' });
    expect(await build.changeRole(alice, group, stranger, 'admin')).toEqual({ kind: 'target_missing' });
  });

  test('[MEMB-2] the last owner cannot step down while others remain', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    expect(await build.changeRole(alice, group, alice, 'admin')).toEqual({ kind: 'last_owner' });
    await build.changeRole(alice, group, bob, 'owner');
    expect(await build.changeRole(alice, group, alice, 'admin')).toMatchObject({ kind: 'changed' });
    expect((await stores.membershipStore.find(group, alice.userId))?.role).toBe('admin');
  });
}
