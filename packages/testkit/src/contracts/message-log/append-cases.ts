import type { Append, AppendOutcome } from '@parley/core';
import { makeGroupId } from '@parley/protocol';
import { expect } from 'vitest';
import { readWholeLog } from '../read-everything.ts';
import type { StoreTest } from '../store-test.ts';

/** Numbering, idempotency, rights and the author's own cursors. */
export function appendCases(test: StoreTest): void {
  test('[S1] an entry gets the next seq and the count of messages so far', async ({ build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const conversationId = await build.direct(alice, bob);
    const append = build.newMessage(alice, conversationId, 'first');
    const outcome = await build.append(append);
    expect(outcome).toEqual({
      kind: 'appended',
      entry: {
        ...append.body,
        conversation_id: conversationId,
        seq: 2,
        count: 1,
        created_at: append.createdAt,
        sender_id: alice.userId,
      },
    });
    expect(await build.appended(build.reaction(bob, conversationId, 2, '👍'))).toMatchObject({ seq: 3, count: 1 });
    expect(await build.send(bob, conversationId, 'second')).toMatchObject({ seq: 4, count: 2 });
  });

  test('[S1] a batch is stored in the order given, also across conversations', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const [direct, group] = [await build.direct(alice, bob), await build.group(alice)];
    const outcomes = await stores.messageLog.append([
      build.newMessage(alice, direct, 'one'),
      build.newMessage(alice, group, 'uno'),
      build.newMessage(bob, direct, 'two'),
      build.newMessage(alice, direct, 'three'),
      build.newMessage(alice, group, 'due'),
    ]);
    expect(outcomes.map((outcome) => outcome.kind === 'appended' && outcome.entry.seq)).toEqual([2, 2, 3, 4, 3]);
    expect(await stores.messageLog.append([])).toEqual([]);
  });

  test('[S1] a refused append in a batch burns no number and holds nobody up', async ({ stores, build }) => {
    const [alice, stranger] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    const outcomes = await stores.messageLog.append([
      build.newMessage(alice, group, 'before'),
      build.newMessage(stranger, group, 'intruder'),
      build.edit(alice, group, 99, 'nothing there'),
      build.newMessage(alice, group, 'after'),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'not_a_member', 'target_missing', 'appended']);
    expect((await readWholeLog(stores.messageLog, group)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('[S3] the same key gives the first entry, however often it is sent', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const append = build.newMessage(alice, group, 'once');
    const entry = await build.appended(append);
    await build.send(alice, group, 'in between');
    const later = { ...append, createdAt: build.nextMoment() };
    expect(await stores.messageLog.append([later, append])).toEqual([
      { kind: 'duplicate', entry },
      { kind: 'duplicate', entry },
    ]);
    expect(await readWholeLog(stores.messageLog, group)).toHaveLength(3);
  });

  test('[S3] the same key twice in one batch is stored once', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const append = build.newMessage(alice, group, 'twin');
    const [first, second] = await stores.messageLog.append([append, append]);
    expect(first?.kind).toBe('appended');
    expect(second).toEqual({ ...first, kind: 'duplicate' });
  });

  test('[S3] edits, deletions and reactions are idempotent under their keys too', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const { seq } = await build.send(alice, group, 'target');
    const edit = build.edit(alice, group, seq, 'edited');
    const reaction = build.reaction(alice, group, seq, '👍');
    const deletion = build.deletion(alice, group, seq);
    for (const append of [edit, reaction, deletion]) {
      const first = await build.append(append);
      expect(await build.append(append)).toEqual({ ...first, kind: 'duplicate' });
    }
    expect(await stores.messageLog.heads([group])).toMatchObject(new Map([[group, { seq: 5, count: 1 }]]));
  });

  test('[SEND-3] the same key with another fingerprint is refused and stores nothing', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const append = build.newMessage(alice, group, 'mine');
    await build.append(append);
    const other = { ...build.newMessage(alice, group, 'other'), clientMsgId: append.clientMsgId };
    expect(await build.append(other)).toEqual({ kind: 'key_reused' });
    expect(await readWholeLog(stores.messageLog, group)).toHaveLength(2);
  });

  test('[SEND-3] without a fingerprint whatever is stored under the key is the first; after one without, another with one is refused', async ({
    build,
  }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const [plain, rich] = [build.newMessage(alice, group, 'plain'), build.newMessage(alice, group, 'rich')];
    const first = await build.append({ ...plain, fingerprint: null });
    const under = ({ clientMsgId }: Append, fingerprint: string | null): Promise<AppendOutcome> =>
      build.append({ ...build.newMessage(alice, group, 'other'), clientMsgId, fingerprint });
    expect(await under(plain, null)).toEqual({ ...first, kind: 'duplicate' });
    expect(await under(plain, plain.fingerprint)).toEqual({ kind: 'key_reused' });
    const second = await build.append(rich);
    expect(await under(rich, null)).toEqual({ ...second, kind: 'duplicate' });
  });

  test('[S3] a key belongs to one device and one conversation', async ({ build }) => {
    const alice = await build.person();
    const phone = await build.deviceOf(alice.userId);
    const [here, there] = [await build.group(alice), await build.group(alice)];
    const append = build.newMessage(alice, here, 'hello');
    const key = { clientMsgId: append.clientMsgId };
    expect((await build.append(append)).kind).toBe('appended');
    expect((await build.append({ ...build.newMessage(phone, here, 'hi'), ...key })).kind).toBe('appended');
    expect((await build.append({ ...build.newMessage(alice, there, 'hey'), ...key })).kind).toBe('appended');
  });

  test('[SEND-4] a key that was refused is free: nothing was stored under it', async ({ build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    const append = build.newMessage(bob, group, 'let me in');
    expect(await build.append(append)).toEqual({ kind: 'not_a_member' });
    await build.add(alice, group, [bob]);
    expect((await build.append(append)).kind).toBe('appended');
  });

  test('[SEND-4] who was removed still gets the first answer to a repeat: a refusal would say "not stored"', async ({
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const append = build.newMessage(bob, group, 'just in time');
    const entry = await build.appended(append);
    await build.remove(alice, group, bob);
    expect(await build.append(append)).toEqual({ kind: 'duplicate', entry });
    expect(await build.append(build.newMessage(bob, group, 'too late'))).toEqual({ kind: 'not_a_member' });
  });

  test('[SEND-6] no such conversation and no member are the same refusal', async ({ build }) => {
    const [alice, stranger] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    const nowhere = makeGroupId(build.nextIdNumber());
    expect(await build.append(build.newMessage(stranger, group, 'hi'))).toEqual({ kind: 'not_a_member' });
    expect(await build.append(build.newMessage(stranger, nowhere, 'hi'))).toEqual({ kind: 'not_a_member' });
  });

  test('[SEND-5] the role is checked in the write', async ({ build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const channel = await build.channel(alice, [bob]);
    const append = build.newMessage(bob, channel, 'breaking news');
    const restricted = { ...append, author: { ...append.author, roles: ['owner', 'admin'] as const } };
    expect(await build.append(restricted)).toEqual({ kind: 'role_too_low' });
    await build.changeRole(alice, channel, bob, 'admin');
    expect((await build.append(restricted)).kind).toBe('appended');
  });

  test('[SEND-8] a reply names a message of this log that the author may see', async ({ build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    const before = await build.send(alice, group, 'before Bob came');
    await build.add(alice, group, [bob]);
    const visible = await build.send(alice, group, 'welcome');
    const reply = (replyTo: number) => build.append(build.newMessage(bob, group, { text: 're', reply_to: replyTo }));
    expect((await reply(visible.seq)).kind).toBe('appended');
    expect(await reply(before.seq)).toEqual({ kind: 'target_missing' });
    expect(await reply(before.seq + 1)).toEqual({ kind: 'target_missing' });
    expect(await reply(1_000)).toEqual({ kind: 'target_missing' });
  });

  test('[SEND-8] a target must be a message that the author may see', async ({ build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    const { seq } = await build.send(alice, group, 'before Bob came');
    await build.add(alice, group, [bob]);
    for (const target of [seq, 1, seq + 1, 1_000]) {
      for (const append of [
        build.edit(bob, group, target, 'x'),
        build.deletion(bob, group, target),
        build.reaction(bob, group, target, '👍'),
      ]) {
        expect(await build.append(append)).toEqual({ kind: 'target_missing' });
      }
    }
  });

  test("[SEND-11] sending moves all of the author's cursors to the message, nobody else's", async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const conversationId = await build.direct(alice, bob);
    await build.send(bob, conversationId, 'unread so far');
    const before = await stores.membershipStore.find(conversationId, bob.userId);
    const { seq } = await build.send(alice, conversationId, 'answer');
    const membership = await stores.membershipStore.find(conversationId, alice.userId);
    expect(membership).toMatchObject({ deliveredUpTo: seq, readUpTo: seq, readCount: 2 });
    expect(await stores.membershipStore.find(conversationId, bob.userId)).toEqual(before);
    const receipts = await stores.membershipStore.receipts(conversationId, seq - 1, null, 10);
    expect(receipts).toMatchObject({ recipients: 1, delivered: 1, read: 1 });
  });

  test("[SEND-11] sending writes nothing to anybody's user log", async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const conversationId = await build.direct(alice, bob);
    const heads = () => Promise.all([alice, bob].map(({ userId }) => stores.userLog.head(userId)));
    const before = await heads();
    const { seq } = await build.send(alice, conversationId, 'quiet');
    await build.appended(build.reaction(bob, conversationId, seq, '👍'));
    expect(await heads()).toEqual(before);
  });
}
