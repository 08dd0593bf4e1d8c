import { makeGroupId } from '@parley/protocol';
import { expect } from 'vitest';
import type { StoreTest } from '../store-test.ts';

/** The raw log, heads and the epoch. */
export function readingCases(test: StoreTest): void {
  test('[SYNC-1] readAfter gives raw entries, ascending, and names what it covers', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const sent = [];
    for (const text of ['a', 'b', 'c', 'd']) sent.push(await build.send(alice, group, text));
    const middle = await stores.messageLog.readAfter(group, 2, 2);
    expect(middle).toEqual({ entries: sent.slice(1, 3), coveredUpTo: 4, headSeq: 5 });
    expect(await stores.messageLog.readAfter(group, 4, 10)).toEqual({
      entries: sent.slice(3),
      coveredUpTo: 5,
      headSeq: 5,
    });
    expect(await stores.messageLog.readAfter(group, 5, 10)).toEqual({ entries: [], coveredUpTo: 5, headSeq: 5 });
  });

  test('[SYNC-1] an edit leaves the raw entry of the message as it was sent', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const sent = await build.send(alice, group, 'as sent');
    const edited = await build.appended(build.edit(alice, group, sent.seq, 'as edited'));
    expect((await stores.messageLog.readAfter(group, 1, 10)).entries).toEqual([sent, edited]);
  });

  test('[SYNC-1] content comes back as it was given, to the last character', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const said = { text: ' \n"quoted" \\ <b> 日本 👩‍👩‍👧 é e\u0301 \ufeff', reply_to: 2, mentions: [alice.userId] };
    await build.send(alice, group, { sealed: 'AbC_-123' });
    const sent = await build.send(alice, group, {
      ...said,
      forwarded_from: { conversation_id: group, seq: 2, sender_id: alice.userId },
    });
    expect((await stores.messageLog.readAfter(group, 1, 10)).entries.at(-1)).toEqual(sent);
    expect(sent.content).toEqual({
      ...said,
      forwarded_from: { conversation_id: group, seq: 2, sender_id: alice.userId },
    });
    expect((await stores.messageLog.message(group, 2, alice.userId))?.content).toEqual({ sealed: 'AbC_-123' });
  });

  test('[SYNC-1] an unknown conversation is empty with head 0', async ({ stores, build }) => {
    const nowhere = makeGroupId(build.nextIdNumber());
    const range = await stores.messageLog.readAfter(nowhere, 0, 10);
    expect(range).toMatchObject({ entries: [], headSeq: 0 });
    expect(await stores.messageLog.heads([nowhere])).toEqual(new Map());
  });

  test('[SYNC-1] heads give seq and count of the known conversations', async ({ stores, build }) => {
    const alice = await build.person();
    const [busy, quiet] = [await build.group(alice), await build.group(alice)];
    const { seq } = await build.send(alice, busy, 'hello');
    await build.appended(build.reaction(alice, busy, seq, '👍'));
    const heads = await stores.messageLog.heads([busy, makeGroupId(build.nextIdNumber()), quiet]);
    expect(heads.size).toBe(2);
    expect(heads.get(busy)).toMatchObject({ seq: 3, count: 1 });
    expect(heads.get(quiet)).toMatchObject({ seq: 1, count: 0 });
    expect(await stores.messageLog.heads([])).toEqual(new Map());
  });

  test('[S8] heads that may lag are never ahead and are there soon', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const sent = await build.send(alice, group, 'hello');
    const lagging = async (): Promise<number | undefined> =>
      (await stores.messageLog.heads([group], { mayLag: true })).get(group)?.seq;
    expect(await lagging()).toBeLessThanOrEqual(sent.seq);
    await expect.poll(lagging, { timeout: 5_000 }).toBe(sent.seq);
  });

  test('[CONV-3] a message is activity; an edit, a reaction and a deletion are none', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const { seq, created_at } = await build.send(alice, group, 'hello');
    await build.appended(build.edit(alice, group, seq, 'hallo'));
    await build.appended(build.reaction(alice, group, seq, '👍'));
    await build.appended(build.deletion(alice, group, seq));
    expect((await stores.messageLog.heads([group])).get(group)?.lastActivityAt).toBe(created_at);
  });

  test('[SYNC-7] the epoch stays the same while nothing is restored', async ({ stores, build }) => {
    const epoch = await stores.messageLog.epoch();
    const alice = await build.person();
    await build.send(alice, await build.group(alice), 'hello');
    expect(epoch).toMatch(/^.{1,32}$/);
    expect(await stores.messageLog.epoch()).toBe(epoch);
  });
}
