import type { ConversationView, ListPlace, Stores } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import { expect } from 'vitest';
import type { StoreTest } from './store-test.ts';

async function wholeList(stores: Stores, viewer: UserId, limit: number, archived?: boolean) {
  const views: ConversationView[] = [];
  let after: ListPlace | null = null;
  for (;;) {
    const page: readonly ConversationView[] = await stores.conversationStore.list(viewer, { after, limit, archived });
    expect(page.length).toBeLessThanOrEqual(limit);
    views.push(...page);
    const last = page.at(-1);
    if (last === undefined) return views;
    after = placeOf(last);
  }
}

const placeOf = ({ head, record }: ConversationView): ListPlace => ({
  lastActivityAt: head.lastActivityAt,
  conversationId: record.conversationId,
});
const idsOf = (views: readonly ConversationView[]) => views.map(({ record }) => record.conversationId);

/** The list of conversations and the search for channels. */
export function conversationListCases(test: StoreTest): void {
  test('[CONV-3] the list is ordered by last activity; a message moves its conversation to the top', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const [first, second, third] = [
      await build.group(alice),
      await build.direct(alice, bob),
      await build.channel(alice),
    ];
    expect(idsOf(await wholeList(stores, alice.userId, 10))).toEqual([third, second, first]);
    await build.send(alice, first, 'up');
    expect(idsOf(await wholeList(stores, alice.userId, 10))).toEqual([first, third, second]);
    expect(await stores.membershipStore.conversationsOf(alice.userId)).toEqual([first, third, second]);
    expect(idsOf(await wholeList(stores, bob.userId, 10))).toEqual([second]);
  });

  test('[CONV-3] each row of the list is the view of its conversation', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const conversations = [await build.direct(alice, bob), await build.group(bob, [alice])];
    for (const conversationId of conversations) await build.send(bob, conversationId, 'hello');
    for (const row of await wholeList(stores, alice.userId, 10)) {
      expect(row).toEqual(await stores.conversationStore.view(row.record.conversationId, alice.userId));
    }
  });

  test('[CONV-3] sixty conversations of the same moment come once each, whatever the page size', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const made: ConversationId[] = [];
    for (let number = 0; number < 60; number += 1) {
      made.push(await build.group(alice, [], { createdAt: 1_760_000_000_000 + Math.floor(number / 20) }));
    }
    const whole = idsOf(await wholeList(stores, alice.userId, 100));
    expect([...whole].sort()).toEqual([...made].sort());
    for (const limit of [1, 7, 20]) expect(idsOf(await wholeList(stores, alice.userId, limit))).toEqual(whole);
    expect(whole.slice(0, 20).sort()).toEqual(made.slice(40).sort());
    expect([...(await stores.membershipStore.conversationsOf(alice.userId))].sort()).toEqual([...made].sort());
  });

  test('[CONV-3] a list that changes while it is paged repeats no row that stayed in place', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const made = [];
    for (let number = 0; number < 6; number += 1) made.push(await build.group(alice));
    const [oldest] = made;
    if (oldest === undefined) throw new Error('There are six groups.');
    const first = await stores.conversationStore.list(alice.userId, { after: null, limit: 3, archived: undefined });
    await build.send(alice, oldest, 'to the top');
    const last = first.at(-1);
    if (last === undefined) throw new Error('The first page has three rows.');
    const options = { after: placeOf(last), limit: 10, archived: undefined };
    const second = await stores.conversationStore.list(alice.userId, options);
    expect(idsOf([...first, ...second])).toEqual(made.slice(1).toReversed());
  });

  test('[CONV-3] archived conversations are listed on request only', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const [shown, archived] = [await build.group(alice, [bob]), await build.group(alice, [bob])];
    await stores.membershipStore.changeSettings(archived, alice.userId, { archived: true });
    expect(idsOf(await wholeList(stores, alice.userId, 1, false))).toEqual([shown]);
    expect(idsOf(await wholeList(stores, alice.userId, 1, true))).toEqual([archived]);
    expect(idsOf(await wholeList(stores, alice.userId, 1))).toEqual([archived, shown]);
    expect(idsOf(await wholeList(stores, bob.userId, 10, false))).toEqual([archived, shown]);
  });

  test('[CONV-2] public channels are found by the beginning of their name, by name then id', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const channel = (name: string, visibility: 'public' | 'private' = 'public') =>
      build.channel(alice, [], { name, visibility });
    const sports = [await channel('Sports'), await channel('Sports')].sort();
    const [news, spots] = [await channel('News'), await channel('Sporting')];
    await channel('Sports secret', 'private');
    await build.group(alice, [], { name: 'Sports group', visibility: 'public' });
    const find = async (query: string, limit = 10) => {
      const found = await stores.conversationStore.publicChannels(query, null, limit);
      return found.map(({ conversationId }) => conversationId);
    };
    expect(await find('sPORT')).toEqual([spots, ...sports]);
    expect(await find('')).toEqual([news, spots, ...sports]);
    expect(await find('orts')).toEqual([]);
    expect(await find('%')).toEqual([]);
    expect(await find('Sport', 2)).toEqual([spots, sports[0]]);
    const [first] = sports;
    if (first === undefined) throw new Error('There are two channels of that name.');
    const after = { name: 'Sports', conversationId: first };
    const [next, ...rest] = await stores.conversationStore.publicChannels('sport', after, 10);
    expect(rest).toEqual([]);
    expect(next).toEqual(await stores.conversationStore.find(sports[1] ?? first));
  });
}
