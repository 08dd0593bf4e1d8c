import { makeGroupId, type UserId } from '@parley/protocol';
import { expect } from 'vitest';
import { readWholeUserLog } from './read-everything.ts';
import type { StoreTest } from './store-test.ts';

/** What members see of each other, and their own settings. */
export function memberViewCases(test: StoreTest): void {
  test('[MEMB-1] members are listed by user id, in pages, with role and profile', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person({ name: 'Bob', status: 'Here' })];
    const others = await build.people(5);
    const group = await build.group(alice, [...others, bob]);
    const listed = [];
    for (let after: UserId | null = null; ; ) {
      const page: Awaited<ReturnType<typeof stores.membershipStore.list>> = await stores.membershipStore.list(
        group,
        after,
        3,
      );
      if (page.length === 0) break;
      listed.push(...page);
      after = page.at(-1)?.user.user_id ?? null;
    }
    expect(listed.map(({ user }) => user.user_id)).toEqual([alice, bob, ...others].map(({ userId }) => userId).sort());
    expect(listed.find(({ user }) => user.user_id === bob.userId)).toMatchObject({
      user: { name: 'Bob', status: 'Here', deleted: false },
      role: 'member',
      joinedAt: (await stores.conversationStore.find(group))?.createdAt,
    });
    expect(await stores.membershipStore.list(makeGroupId(build.nextIdNumber()), null, 10)).toEqual([]);
  });

  test('[PRES-3] acquaintances share a direct or group conversation; a channel makes none', async ({
    stores,
    build,
  }) => {
    const [alice, peer, mate, reader, stranger, former] = [
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
      await build.person(),
    ];
    await build.direct(alice, peer);
    const group = await build.group(mate, [alice, former]);
    await build.leave(former, group);
    await build.channel(alice, [reader]);
    const candidates = [peer, mate, reader, stranger, former].map(({ userId }) => userId);
    expect(await stores.membershipStore.acquaintances(alice.userId, candidates)).toEqual(
      new Set([peer.userId, mate.userId]),
    );
    expect(await stores.membershipStore.acquaintances(alice.userId, [])).toEqual(new Set());
  });

  test('[PRES-3] one turns to somebody by making the direct conversation or by writing in it', async ({
    stores,
    build,
  }) => {
    const [alice, asked, answered, reacted, silent, mate] = await build.people(6);
    if (!alice || !asked || !answered || !reacted || !silent || !mate) throw new Error('Six people were made.');
    await build.direct(asked, alice);
    for (const person of [answered, reacted, silent]) {
      const direct = await build.direct(alice, person);
      const { seq } = await build.send(alice, direct, 'Are you there?');
      if (person === answered) await build.send(person, direct, 'I am');
      if (person === reacted) await build.appended(build.reaction(person, direct, seq, '👍'));
      if (person === silent) {
        const read = { conversationId: direct, userId: silent.userId, deliveredUpTo: seq, readUpTo: seq };
        await stores.membershipStore.moveCursors([{ ...read, sharesReading: true }]);
      }
    }
    await build.send(mate, await build.group(mate, [alice]), 'Hello all');
    const candidates = [asked, answered, reacted, silent, mate].map(({ userId }) => userId);
    const turned = new Set([asked, answered, reacted].map(({ userId }) => userId));
    expect(await stores.membershipStore.turnedTo(alice.userId, candidates)).toEqual(turned);
    expect(await stores.membershipStore.turnedTo(silent.userId, [alice.userId])).toEqual(new Set([alice.userId]));
    expect(await stores.membershipStore.turnedTo(alice.userId, [])).toEqual(new Set());
  });

  test("[CONV-4] settings are the member's own; a change is told to its devices", async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const untouched = { archived: false, pinned: false, muted_until: null, notifications: 'all' };
    expect((await stores.membershipStore.find(group, bob.userId))?.settings).toEqual(untouched);
    const mute = { muted_until: 1_800_000_000_000, notifications: 'mentions' as const };
    const muted = { ...untouched, ...mute };
    expect(await stores.membershipStore.changeSettings(group, alice.userId, mute)).toEqual(muted);
    const pinned = { ...muted, pinned: true };
    expect(await stores.membershipStore.changeSettings(group, alice.userId, { pinned: true })).toEqual(pinned);
    expect((await stores.membershipStore.find(group, alice.userId))?.settings).toEqual(pinned);
    expect((await stores.membershipStore.find(group, bob.userId))?.settings).toEqual(untouched);
    const facts = await readWholeUserLog(stores.userLog, alice.userId);
    expect(facts.filter(({ type }) => type === 'settings_changed')).toEqual([
      {
        userId: alice.userId,
        seq: await stores.userLog.head(alice.userId),
        type: 'settings_changed',
        conversationId: group,
        settings: pinned,
      },
    ]);
  });

  test('[CONV-4] who is no member has no settings', async ({ stores, build }) => {
    const [alice, stranger] = [await build.person(), await build.person()];
    const group = await build.group(alice);
    expect(await stores.membershipStore.changeSettings(group, stranger.userId, { pinned: true })).toBeUndefined();
    expect(await stores.membershipStore.find(group, stranger.userId)).toBeUndefined();
    expect(await stores.userLog.head(stranger.userId)).toBe(1);
  });
}
