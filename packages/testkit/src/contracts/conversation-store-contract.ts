import type { ConversationView, Stores } from '@parley/core';
import { makeGroupId, makeUserId, type UserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { conversationListCases } from './conversation-list-cases.ts';
import { readWholeLog, readWholeUserLog } from './read-everything.ts';
import { type OpenStores, type StoreTest, storeTest } from './store-test.ts';

/** What `ConversationStore` promises, shown on an engine. */
export function conversationStoreContract(engine: string, open: OpenStores): void {
  describe(`${engine}: ConversationStore`, () => {
    const test = storeTest(open);
    creationCases(test);
    viewCases(test);
    updateCases(test);
    conversationListCases(test);
  });
}

function creationCases(test: StoreTest): void {
  test('[MEMB-3] creating a group writes its record and two entries', async ({ stores, build }) => {
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const request = build.groupRequest(alice, [bob, carol], { name: 'Trip', description: 'To the sea' });
    const { conversationId, createdAt } = request.record;
    const outcome = await stores.conversationStore.create(request);
    const header = { conversation_id: conversationId, count: 0, created_at: createdAt, sender_id: alice.userId };
    expect(outcome).toMatchObject({
      kind: 'created',
      entries: [
        { ...header, seq: 1, type: 'conversation_created', kind: 'group', name: 'Trip', description: 'To the sea' },
        { ...header, seq: 2, type: 'member_added' },
      ],
    });
    const entries = await readWholeLog(stores.messageLog, conversationId);
    expect(outcome).toEqual({ kind: 'created', entries });
    const added = entries.flatMap((entry) => (entry.type === 'member_added' ? entry.user_ids : []));
    expect(new Set(added)).toEqual(new Set([bob.userId, carol.userId]));
    expect(added).toHaveLength(2);
    expect(await stores.conversationStore.find(conversationId)).toEqual({ ...request.record, memberCount: 3 });
  });

  test('[MEMB-3] who creates alone, or a direct conversation, writes one entry', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    for (const request of [build.groupRequest(alice, []), build.directRequest(alice, bob)]) {
      const outcome = await stores.conversationStore.create(request);
      expect(outcome).toMatchObject({ kind: 'created', entries: [{ seq: 1, type: 'conversation_created' }] });
      expect(await readWholeLog(stores.messageLog, request.record.conversationId)).toHaveLength(1);
    }
  });

  test("[SYNC-2] each member's user log tells of the new conversation", async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const conversationId = await build.group(alice, [bob]);
    for (const { userId } of [alice, bob]) {
      expect((await readWholeUserLog(stores.userLog, userId)).at(-1)).toMatchObject({
        type: 'conversation_joined',
        userId,
        conversationId,
      });
    }
  });

  test('[CONV-1] a direct conversation exists once, whoever starts it', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const requests = [
      build.directRequest(alice, bob),
      build.directRequest(bob, alice),
      build.directRequest(alice, bob),
    ];
    const outcomes = await Promise.all(requests.map((request) => stores.conversationStore.create(request)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'exists', 'exists']);
    const conversationId = requests[0]?.record.conversationId;
    expect(outcomes.find(({ kind }) => kind === 'exists')).toEqual({ kind: 'exists', conversationId });
    expect(await stores.userLog.head(bob.userId)).toBe(2);
  });

  test('[S3] the same key of the same creator gives the first conversation', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const request = build.groupRequest(alice, []);
    await stores.conversationStore.create(request);
    const { conversationId } = request.record;
    const repeat = { ...build.groupRequest(alice, []), key: request.key };
    expect(await stores.conversationStore.create(repeat)).toEqual({ kind: 'exists', conversationId });
    expect(await stores.conversationStore.find(repeat.record.conversationId)).toBeUndefined();
    const other = { ...repeat, key: { ...request.key, fingerprint: build.random.hex(64) } };
    expect(await stores.conversationStore.create(other)).toEqual({ kind: 'key_reused' });
    const ofBob = { ...build.groupRequest(bob, []), key: request.key };
    expect((await stores.conversationStore.create(ofBob)).kind).toBe('created');
  });

  test('[CONV-2] more members than allowed, unknown and deleted people: nothing is written', async ({
    stores,
    build,
  }) => {
    const [alice, bob, gone] = [await build.person(), await build.person(), await build.person()];
    await stores.accountStore.erase(gone.userId, build.nextMoment());
    const nobody = { userId: makeUserId(build.nextIdNumber()), deviceId: alice.deviceId };
    const crowd = { ...build.groupRequest(alice, [bob]), membersMax: 1 };
    const logHead = await stores.userLog.head(alice.userId);
    expect(await stores.conversationStore.create(crowd)).toEqual({ kind: 'too_many_members' });
    for (const person of [gone, nobody]) {
      const request = build.groupRequest(alice, [bob, person]);
      const outcome = await stores.conversationStore.create(request);
      expect(outcome).toEqual({ kind: 'unknown_user', userId: person.userId });
      expect(await stores.conversationStore.find(request.record.conversationId)).toBeUndefined();
    }
    expect(await stores.conversationStore.find(crowd.record.conversationId)).toBeUndefined();
    expect(await stores.userLog.head(alice.userId)).toBe(logHead);
    expect((await stores.conversationStore.create({ ...crowd, membersMax: 2 })).kind).toBe('created');
  });
}

async function viewOf(stores: Stores, conversationId: ConversationView['record']['conversationId'], viewer: UserId) {
  const view = await stores.conversationStore.view(conversationId, viewer);
  if (view === undefined) throw new Error(`${viewer} sees no conversation ${conversationId}.`);
  return view;
}

function viewCases(test: StoreTest): void {
  test('[CONV-1] a view holds record, head, membership, last message and peer', async ({ stores, build }) => {
    const alice = await build.person({ name: 'Alice', status: 'Busy', avatarUrl: '/a.png' });
    const bob = await build.person();
    const conversationId = await build.direct(alice, bob);
    const sent = await build.send(alice, conversationId, 'hello');
    const view = await viewOf(stores, conversationId, bob.userId);
    expect(view.record).toEqual(await stores.conversationStore.find(conversationId));
    expect(view.head).toEqual((await stores.messageLog.heads([conversationId])).get(conversationId));
    expect(view.membership).toEqual(await stores.membershipStore.find(conversationId, bob.userId));
    expect(view.lastMessage).toEqual(await stores.messageLog.message(conversationId, sent.seq, bob.userId));
    const account = (await stores.accountStore.findMany([alice.userId])).get(alice.userId);
    expect(view.peer).toEqual({
      user_id: alice.userId,
      username: account?.username,
      name: 'Alice',
      status: 'Busy',
      avatar_url: '/a.png',
      deleted: false,
    });
  });

  test('[SEND-6] who is no member sees no view; neither does anybody of no conversation', async ({ stores, build }) => {
    const [alice, stranger] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    expect(await stores.conversationStore.view(group, stranger.userId)).toBeUndefined();
    const nowhere = makeGroupId(build.nextIdNumber());
    expect(await stores.conversationStore.view(nowhere, alice.userId)).toBeUndefined();
    expect(await stores.conversationStore.find(nowhere)).toBeUndefined();
  });

  test('[HIST-5] who left or was removed sees no view and no list row', async ({ stores, build }) => {
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice, [bob, carol]);
    await build.remove(alice, group, bob);
    await build.leave(carol, group);
    for (const { userId } of [bob, carol]) {
      expect(await stores.conversationStore.view(group, userId)).toBeUndefined();
      const options = { after: null, limit: 10, archived: undefined };
      expect(await stores.conversationStore.list(userId, options)).toEqual([]);
    }
    expect((await viewOf(stores, group, alice.userId)).record.memberCount).toBe(1);
  });

  test('[HIST-4] the last message is one that the viewer may see', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    await build.send(alice, group, 'before Bob came');
    await build.add(alice, group, [bob]);
    expect((await viewOf(stores, group, bob.userId)).lastMessage).toBeNull();
    const shown = await build.send(alice, group, 'shown');
    const hidden = await build.send(alice, group, 'hidden by Bob');
    await stores.userLog.hideMessage(bob.userId, group, hidden.seq);
    expect((await viewOf(stores, group, bob.userId)).lastMessage?.seq).toBe(shown.seq);
    expect((await viewOf(stores, group, alice.userId)).lastMessage?.seq).toBe(hidden.seq);
  });

  test('[DEL-1] a last message that was deleted is shown as its tombstone', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const { seq } = await build.send(alice, group, 'regretted');
    await build.appended(build.deletion(alice, group, seq));
    expect((await viewOf(stores, group, alice.userId)).lastMessage).toMatchObject({ seq, content: null });
  });

  test('[RCPT-1] the smallest cursors are those of the member who is furthest behind', async ({ stores, build }) => {
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice, [bob, carol]);
    for (const text of ['a', 'b', 'c']) await build.send(alice, group, text);
    const where = { conversationId: group, sharesReading: true };
    await stores.membershipStore.moveCursors([
      { ...where, userId: bob.userId, deliveredUpTo: 5, readUpTo: 5 },
      { ...where, userId: carol.userId, deliveredUpTo: 4, readUpTo: 3 },
    ]);
    const view = await viewOf(stores, group, alice.userId);
    expect(view).toMatchObject({ deliveredByAllUpTo: 4, readByAllUpTo: 3 });
    await build.leave(carol, group);
    expect(await viewOf(stores, group, alice.userId)).toMatchObject({ deliveredByAllUpTo: 5, readByAllUpTo: 5 });
  });
}

function updateCases(test: StoreTest): void {
  test('[CONV-2] an update changes the record and appends an entry with only what changed', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const group = await build.group(alice, [], { description: 'old', avatarUrl: '/old.png' });
    const before = await stores.conversationStore.find(group);
    const request = { conversationId: group, actor: alice.userId, roles: ['owner', 'admin'] as const };
    const at = build.nextMoment();
    const outcome = await stores.conversationStore.update({ ...request, at, change: { name: 'New' } });
    const header = { conversation_id: group, count: 0, sender_id: alice.userId };
    const renamed = { ...header, type: 'conversation_updated', seq: 2, created_at: at, name: 'New' };
    expect(outcome).toEqual({ kind: 'changed', entry: renamed });
    const change = { description: null, avatarUrl: null };
    const cleared = await stores.conversationStore.update({ ...request, at: at + 1, change });
    const emptied = { ...renamed, seq: 3, created_at: at + 1, name: undefined, description: '', avatar_url: '' };
    expect(cleared).toEqual({ kind: 'changed', entry: emptied });
    expect(await stores.conversationStore.find(group)).toEqual({ ...before, ...change, name: 'New' });
    expect(await readWholeLog(stores.messageLog, group)).toHaveLength(3);
  });

  test('[MEMB-1] who is no member or has too low a role changes nothing', async ({ stores, build }) => {
    const [alice, bob, stranger] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const request = { roles: ['owner', 'admin'] as const, at: build.nextMoment(), change: { name: 'Mine' } };
    const update = (actor: UserId, conversationId = group) =>
      stores.conversationStore.update({ ...request, conversationId, actor });
    expect(await update(bob.userId)).toEqual({ kind: 'role_too_low' });
    expect(await update(stranger.userId)).toEqual({ kind: 'not_a_member' });
    expect(await update(alice.userId, makeGroupId(build.nextIdNumber()))).toEqual({ kind: 'not_a_member' });
    expect((await stores.conversationStore.find(group))?.name).toBe('A group');
    expect(await readWholeLog(stores.messageLog, group)).toHaveLength(2);
  });
}
