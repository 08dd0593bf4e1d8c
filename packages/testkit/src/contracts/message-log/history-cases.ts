import { type GroupId, makeGroupId } from '@parley/protocol';
import { expect } from 'vitest';
import type { Builders, Person } from '../../builders.ts';
import { readWholeHistory } from '../read-everything.ts';
import type { StoreTest } from '../store-test.ts';

const seqs = (rows: readonly { readonly seq: number }[]) => rows.map(({ seq }) => seq);

/** A group in which seq 2 to 11 are messages, 12 and 13 reactions, 14 to 16 messages. */
async function talk(build: Builders): Promise<{ alice: Person; group: GroupId }> {
  const alice = await build.person();
  const group = await build.group(alice);
  for (let seq = 2; seq <= 11; seq += 1) await build.send(alice, group, `message ${seq}`);
  for (const emoji of ['👍', '🎉']) await build.appended(build.reaction(alice, group, 5, emoji));
  for (let seq = 14; seq <= 16; seq += 1) await build.send(alice, group, `message ${seq}`);
  return { alice, group };
}

/** Pages of present state. */
export function historyCases(test: StoreTest): void {
  test('[HIST-1] the newest page ends at the head and begins with the last message taken', async ({
    stores,
    build,
  }) => {
    const { alice, group } = await talk(build);
    const view = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit: 5 };
    const newest = await stores.messageLog.history({ ...view, from: { beforeSeq: Number.MAX_SAFE_INTEGER } });
    expect(newest.covered).toEqual({ fromSeq: 10, toSeq: 16 });
    expect(seqs(newest.messages)).toEqual([10, 11, 14, 15, 16]);
    expect(newest).toMatchObject({ entries: [], tombstones: [], headSeq: 16 });

    const older = await stores.messageLog.history({ ...view, from: { beforeSeq: 10 } });
    expect(older.covered).toEqual({ fromSeq: 5, toSeq: 9 });
    const oldest = await stores.messageLog.history({ ...view, from: { beforeSeq: 5 } });
    expect(oldest.covered).toEqual({ fromSeq: 1, toSeq: 4 });
    expect(seqs(oldest.messages)).toEqual([2, 3, 4]);
    expect(oldest.entries).toMatchObject([{ type: 'conversation_created', seq: 1 }]);
  });

  test('[HIST-1] a page towards the newer begins after the place, oldest first', async ({ stores, build }) => {
    const { alice, group } = await talk(build);
    const view = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit: 3 };
    const page = await stores.messageLog.history({ ...view, from: { afterSeq: 10 } });
    expect(page.covered).toEqual({ fromSeq: 11, toSeq: 15 });
    expect(seqs(page.messages)).toEqual([11, 14, 15]);
    const last = await stores.messageLog.history({ ...view, from: { afterSeq: 15 } });
    expect(last.covered).toEqual({ fromSeq: 16, toSeq: 16 });
  });

  test('[HIST-1] past either end the range is empty', async ({ stores, build }) => {
    const { alice, group } = await talk(build);
    const view = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit: 3 };
    for (const from of [{ afterSeq: 16 }, { beforeSeq: 1 }]) {
      const { covered, ...rest } = await stores.messageLog.history({ ...view, from });
      expect(covered.fromSeq).toBe(covered.toSeq + 1);
      expect(rest).toEqual({ messages: [], entries: [], tombstones: [], headSeq: 16 });
    }
  });

  test('[HIST-1] an unknown conversation has an empty range and head 0', async ({ stores, build }) => {
    const alice = await build.person();
    const view = { conversationId: makeGroupId(build.nextIdNumber()), viewer: alice.userId, visibleFromSeq: 1 };
    const page = await stores.messageLog.history({ ...view, limit: 3, from: { afterSeq: 0 } });
    expect(page).toMatchObject({ messages: [], entries: [], tombstones: [], headSeq: 0 });
    expect(page.covered.fromSeq).toBe(page.covered.toSeq + 1);
  });

  test('[HIST-1] messages on a page are in present state', async ({ stores, build }) => {
    const { alice, group } = await talk(build);
    await build.appended(build.edit(alice, group, 16, 'edited'));
    const view = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit: 100 };
    const page = await stores.messageLog.history({ ...view, from: { beforeSeq: 100 } });
    for (const message of page.messages) {
      expect(message).toEqual(await stores.messageLog.message(group, message.seq, alice.userId));
    }
    expect(page.messages.at(-1)).toMatchObject({ content: { text: 'edited' }, state_seq: 17 });
    expect(page.messages.find(({ seq }) => seq === 5)?.reactions).toHaveLength(2);
  });

  test('[HIST-1] entries of members, names and creation stand beside the messages', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    await build.add(alice, group, [bob]);
    await build.changeRole(alice, group, bob, 'admin');
    const rename = { conversationId: group, actor: alice.userId, roles: ['owner' as const], at: build.nextMoment() };
    await stores.conversationStore.update({ ...rename, change: { name: 'Renamed' } });
    await build.leave(bob, group);
    const { seq } = await build.send(alice, group, 'alone again');
    const view = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit: 10 };
    const page = await stores.messageLog.history({ ...view, from: { beforeSeq: 100 } });
    expect(page.entries.map(({ type }) => type)).toEqual([
      'conversation_created',
      'member_added',
      'member_role_changed',
      'conversation_updated',
      'member_removed',
    ]);
    expect(page.entries).toEqual((await stores.messageLog.readAfter(group, 0, 10)).entries.slice(0, 5));
    expect(seqs(page.messages)).toEqual([seq]);
  });

  test('[HIST-1] deleted and hidden messages are named as tombstones, deletion before hiding', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const sent = [];
    for (const text of ['kept', 'deleted', 'hidden', 'both']) sent.push(await build.send(alice, group, text));
    const [kept = 0, deleted = 0, hidden = 0, both = 0] = seqs(sent);
    await stores.userLog.hideMessage(bob.userId, group, hidden);
    await stores.userLog.hideMessage(bob.userId, group, both);
    await build.appended(build.deletion(alice, group, deleted));
    await build.appended(build.deletion(alice, group, both));
    const view = { conversationId: group, visibleFromSeq: 1, limit: 10, from: { beforeSeq: 100 } };
    const forBob = await stores.messageLog.history({ ...view, viewer: bob.userId });
    expect(seqs(forBob.messages)).toEqual([kept]);
    expect([...forBob.tombstones].sort((one, other) => one.seq - other.seq)).toEqual([
      { seq: deleted, reason: 'deleted' },
      { seq: hidden, reason: 'hidden' },
      { seq: both, reason: 'deleted' },
    ]);
    const forAlice = await stores.messageLog.history({ ...view, viewer: alice.userId });
    expect(seqs(forAlice.messages)).toEqual([kept, hidden]);
  });

  test('[HIST-4] nothing before the first visible seq is on a page or in its range', async ({ stores, build }) => {
    const { alice, group } = await talk(build);
    const view = { conversationId: group, viewer: alice.userId, visibleFromSeq: 8, limit: 100 };
    const older = await stores.messageLog.history({ ...view, from: { beforeSeq: 11 } });
    expect(older.covered).toEqual({ fromSeq: 8, toSeq: 10 });
    expect(seqs(older.messages)).toEqual([8, 9, 10]);
    expect(older.entries).toEqual([]);
    const newer = await stores.messageLog.history({ ...view, from: { afterSeq: 0 } });
    expect(newer.covered).toEqual({ fromSeq: 8, toSeq: 16 });
    const before = await stores.messageLog.history({ ...view, from: { beforeSeq: 8 } });
    expect(before.covered.fromSeq).toBe(before.covered.toSeq + 1);
    expect(before.messages).toEqual([]);
  });

  test('[HIST-1] a page scans at most ten rows for each message asked for, and always gets on', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const { seq } = await build.send(alice, group, 'loved');
    const toggles = Array.from({ length: 60 }, (_, index) =>
      build.reaction(alice, group, seq, '👍', index % 2 === 0 ? 'added' : 'removed'),
    );
    await stores.messageLog.append(toggles);
    await build.send(alice, group, 'last');
    const query = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit: 2 };
    for (const direction of ['older', 'newer'] as const) {
      const pages = await readWholeHistory(stores.messageLog, query, direction);
      for (const { covered } of pages) expect(covered.toSeq - covered.fromSeq + 1).toBeLessThanOrEqual(20);
      expect(seqs(pages.flatMap(({ messages }) => messages)).sort((one, other) => one - other)).toEqual([2, 63]);
    }
  });

  test('[HIST-1] pages in both directions join without gap or double', async ({ stores, build }) => {
    const { alice, group } = await talk(build);
    for (const limit of [1, 4, 100]) {
      const query = { conversationId: group, viewer: alice.userId, visibleFromSeq: 1, limit };
      const older = await readWholeHistory(stores.messageLog, query, 'older');
      const newer = await readWholeHistory(stores.messageLog, query, 'newer');
      const expected = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16];
      expect(seqs(older.toReversed().flatMap(({ messages }) => messages))).toEqual(expected);
      expect(seqs(newer.flatMap(({ messages }) => messages))).toEqual(expected);
    }
  });
}
