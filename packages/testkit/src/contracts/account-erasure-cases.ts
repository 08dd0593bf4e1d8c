import type { Stores } from '@parley/core';
import { type LogEntry, makeDeviceId } from '@parley/protocol';
import { expect } from 'vitest';
import type { Builders, Person } from '../builders.ts';
import { readWholeHistory, readWholeLog, readWholeUserLog } from './read-everything.ts';
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
    await build.person();
    const { userId } = await build.person(IDENTITY);
    const at = build.nextMoment();
    await stores.accountStore.erase(userId, at);
    const account = (await stores.accountStore.findMany([userId])).get(userId);
    expect(account).toMatchObject({
      userId,
      username: null,
      email: null,
      phone: null,
      name: 'Deleted user',
      status: null,
      avatarUrl: null,
      deletedAt: at,
    });
    const listed = (await stores.accountStore.list(undefined, null, 10)).find((one) => one.userId === userId);
    const left = JSON.stringify([account, listed]);
    expect(left).not.toMatch(/zacharias|zorn|fishing|4917012345|avatars|argon2/i);
  });

  test('[ACCT-1] who is erased is not found by any identifier or name, and the identifiers are free', async ({
    stores,
    build,
  }) => {
    await build.person();
    const { userId } = await build.person(IDENTITY);
    await stores.accountStore.erase(userId, build.nextMoment());
    for (const identifier of [IDENTITY.username, IDENTITY.email, IDENTITY.phone, 'Deleted user']) {
      expect(await stores.accountStore.findByIdentifier(identifier)).toBeUndefined();
    }
    for (const query of ['zach', 'deleted', 'user']) {
      expect(await stores.accountStore.search(query, null, 10)).toEqual([]);
    }
    expect((await stores.accountStore.create(build.account(IDENTITY), 'always')).kind).toBe('created');
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
    expect(await stores.deviceStore.rotate(token.digest, next, at)).toEqual({ kind: 'unknown' });
    expect(await stores.keyBundleStore.take(zach.userId)).toEqual([]);
    expect(await stores.keyBundleStore.countOneTimeKeys(deviceId)).toBe(0);
    expect((await stores.mailbox.readAfter(deviceId, 0, 10)).records).toEqual([]);
    const later = { ...put, clientMsgId: build.random.uuid() };
    expect(await stores.mailbox.put(later)).toEqual({ kind: 'devices_changed' });
  });

  test("[ACCT-1] the user's log goes with the account, also what comes into it afterwards; others keep theirs", async ({
    stores,
    build,
  }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const direct = await build.direct(alice, zach);
    const late = await build.group(alice, [zach]);
    await stores.membershipStore.remove({ ...leaving(build, zach), conversationId: direct });
    expect(await readWholeUserLog(stores.userLog, zach.userId)).not.toEqual([]);
    const before = await readWholeUserLog(stores.userLog, alice.userId);
    await stores.accountStore.erase(zach.userId, build.nextMoment());
    expect(await readWholeUserLog(stores.userLog, zach.userId)).toEqual([]);
    await stores.membershipStore.remove({ ...leaving(build, zach), conversationId: late });
    await eraseAll(stores, build, 100);
    expect(await readWholeUserLog(stores.userLog, zach.userId)).toEqual([]);
    expect(await readWholeUserLog(stores.userLog, alice.userId)).toEqual(before);
  });

  test('[ACCT-1] the peer of a direct conversation is shown as deleted', async ({ stores, build }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const direct = await build.direct(alice, zach);
    await leaveAndErase(stores, build, zach);
    const view = await stores.conversationStore.view(direct, alice.userId);
    expect(view?.peer).toMatchObject({ user_id: zach.userId, username: null, name: 'Deleted user', deleted: true });
  });

  test('[ACCT-1] every membership of an erased user ends, one a step, before any content goes; nobody brings the user back', async ({
    stores,
    build,
  }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const direct = await build.direct(zach, alice);
    const [group, left, other] = [
      await build.group(alice, [zach]),
      await build.group(alice, [zach]),
      await build.group(alice),
    ];
    const own = await build.group(zach);
    await build.leave(zach, left);
    for (const conversationId of [direct, group, own]) await build.send(zach, conversationId, 'a secret');
    expect(await stores.accountStore.erase(zach.userId, build.nextMoment())).toEqual({ kind: 'erased' });
    const unknown = { kind: 'unknown_user', userId: zach.userId };
    expect(await build.add(alice, other, [zach])).toEqual(unknown);
    expect(await build.add(alice, left, [zach])).toEqual(unknown);

    const entries = await eraseAll(stores, build, 100);
    const told = entries.map((entry) => [entry.type, 'reason' in entry && entry.reason, entry.conversation_id]);
    const [out, erased] = [told.slice(0, 3).sort(), told.slice(3).sort()];
    const all = [direct, group, own].sort();
    expect(out).toEqual(all.map((id) => ['member_removed', 'account_deleted', id]));
    expect(erased).toEqual(all.map((id) => ['author_erased', false, id]));
    expect(entries.map(({ sender_id: by }) => by)).toEqual(entries.map(() => zach.userId));
    expect(await stores.membershipStore.conversationsOf(zach.userId)).toEqual([]);
    expect((await stores.conversationStore.find(group))?.memberCount).toBe(1);
    expect(await stores.membershipStore.find(group, zach.userId)).toBeUndefined();
  });

  test('[ACCT-1] [MEMB-2] the last owner of a conversation in which others remain is not erased', async ({
    stores,
    build,
  }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const group = await build.group(zach, [alice]);
    const phones = await stores.deviceStore.list(zach.userId);
    expect(await stores.accountStore.erase(zach.userId, build.nextMoment())).toEqual({ kind: 'last_owner' });
    expect(await stores.accountStore.findByIdentifier(IDENTITY.username)).toMatchObject({ deletedAt: null });
    expect(await stores.deviceStore.list(zach.userId)).toEqual(phones);
    expect(await stores.membershipStore.find(group, zach.userId)).toMatchObject({ role: 'owner' });
    expect(await eraseAll(stores, build, 100)).toEqual([]);
  });

  test('[ACCT-1] [MEMB-2] an erased owner who is still a member does not count as one', async ({ stores, build }) => {
    await build.person();
    const [alice, zach, bob] = [await build.person(), await build.person(IDENTITY), await build.person()];
    const group = await build.group(alice, [zach, bob]);
    const roles = { conversationId: group, actor: alice.userId, roles: ['owner'], at: build.nextMoment() } as const;
    await stores.membershipStore.changeRole({ ...roles, userId: zach.userId, role: 'owner' });
    await stores.accountStore.erase(zach.userId, build.nextMoment());
    expect(await stores.membershipStore.remove({ ...leaving(build, alice), conversationId: group })).toEqual({
      kind: 'last_owner',
    });
    expect(await stores.accountStore.erase(alice.userId, build.nextMoment())).toEqual({ kind: 'last_owner' });
    const [, ...more] = await eraseAll(stores, build, 100);
    expect(more).toEqual([]);
  });

  test('[ACCT-1] [S13] the content of every message goes, wherever the user was; what others wrote stays', async ({
    stores,
    build,
  }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const direct = await build.direct(alice, zach);
    const [left, silent] = [await build.group(alice, [zach]), await build.group(alice, [zach])];
    const kept = await build.send(alice, left, 'kept by alice');
    const sent = await build.send(zach, left, 'a secret');
    await build.appended(build.edit(zach, left, sent.seq, 'a second secret'));
    await build.appended(build.reaction(alice, left, sent.seq, '👍'));
    await build.appended(build.reaction(zach, left, kept.seq, '👍'));
    await build.send(zach, direct, { sealed: 'c2VjcmV0' });
    await build.leave(zach, left);
    await build.send(alice, left, { text: 'an answer', reply_to: sent.seq });
    await leaveAndErase(stores, build, zach);
    const before = await stores.messageLog.heads([direct, left, silent]);

    const entries = await eraseAll(stores, build, 100);
    expect(entries.map(({ type, conversation_id: id, sender_id: by }) => [type, id, by]).sort()).toEqual(
      [direct, left].sort().map((id) => ['author_erased', id, zach.userId]),
    );
    const after = await stores.messageLog.heads([direct, left, silent]);
    for (const [id, grown] of [
      [direct, 1],
      [left, 1],
      [silent, 0],
    ] as const) {
      const head = before.get(id);
      expect(after.get(id)).toEqual({ ...head, seq: (head?.seq ?? 0) + grown });
    }
    const all = [];
    for (const id of [direct, left]) {
      all.push(await readWholeLog(stores.messageLog, id));
      const query = { conversationId: id, viewer: alice.userId, visibleFromSeq: 1, limit: 3 };
      all.push(await readWholeHistory(stores.messageLog, query, 'older'));
      all.push(await stores.conversationStore.view(id, alice.userId));
    }
    expect(JSON.stringify(all)).not.toMatch(/secret|c2VjcmV0/);
    expect(JSON.stringify(all)).toMatch(/kept by alice.*an answer/);
    expect(await stores.messageLog.message(left, sent.seq, alice.userId)).toMatchObject({
      content: null,
      edited_at: null,
      reactions: [],
    });
    // A reaction says nothing but that there was one.
    expect((await stores.messageLog.message(left, kept.seq, alice.userId))?.reactions).toHaveLength(1);
    const view = await stores.conversationStore.view(direct, alice.userId);
    expect(view?.lastMessage).toMatchObject({ sender_id: zach.userId, content: null });
    const reply = build.newMessage(alice, left, { text: 'late', reply_to: sent.seq });
    expect(await build.append(reply)).toEqual({ kind: 'target_deleted' });
  });

  test('[ACCT-1] a long history is erased in steps; the entry comes with the last one, and only once', async ({
    stores,
    build,
  }) => {
    const [alice, zach] = [await build.person(), await build.person(IDENTITY)];
    const group = await build.group(alice, [zach]);
    for (let sent = 0; sent < 25; sent += 1) await build.send(sent % 2 === 0 ? zach : alice, group, `secret ${sent}`);
    await leaveAndErase(stores, build, zach);
    const rows = (await stores.messageLog.heads([group])).get(group)?.seq ?? 0;
    const steps = [];
    for (let step = 0; step < Math.ceil(rows / 10); step += 1) {
      expect((await readWholeLog(stores.messageLog, group)).at(-1)?.type).toBe('member_removed');
      steps.push(await stores.accountStore.eraseNext(build.nextMoment(), 10));
    }
    expect(steps.map((step) => step.kind === 'more' && step.entry?.type)).toEqual([
      undefined,
      undefined,
      'author_erased',
    ]);
    expect(await stores.accountStore.eraseNext(build.nextMoment(), 10)).toEqual({ kind: 'done' });
    await stores.accountStore.erase(zach.userId, build.nextMoment());
    expect(await eraseAll(stores, build, 10)).toEqual([]);
    const entries = await readWholeLog(stores.messageLog, group);
    expect(entries.filter(({ type }) => type === 'new_message')).toHaveLength(12);
    expect(entries.at(-1)).toMatchObject({ type: 'author_erased', seq: rows + 1, count: 25, sender_id: zach.userId });
  });
}

const leaving = (build: Builders, { userId }: Person) =>
  ({ actor: userId, userId, roles: 'self', reason: 'account_deleted', at: build.nextMoment() }) as const;

async function leaveAndErase(stores: Stores, build: Builders, person: Person): Promise<void> {
  const { userId } = person;
  for (const conversationId of await stores.membershipStore.conversationsOf(userId)) {
    await stores.membershipStore.remove({ ...leaving(build, person), conversationId });
  }
  await stores.accountStore.erase(userId, build.nextMoment());
}

/** The entries of all steps. */
async function eraseAll(stores: Stores, build: Builders, rowsMax: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const step = await stores.accountStore.eraseNext(build.nextMoment(), rowsMax);
    if (step.kind === 'done') return entries;
    if (step.entry !== null) entries.push(step.entry);
  }
}
