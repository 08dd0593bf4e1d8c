import type { GroupId } from '@parley/protocol';
import type { Person } from '@parley/testkit';
import { expect } from 'vitest';
import { type OpenedHere, test } from '../../test/temporary-store.ts';
import { CROWD_MEMBERS } from '../rows/membership-row.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';

/** Everybody but `slowest` reads a new message; returns the smallest cursors that the store then gives, and the head. */
async function allButOneRead({ opened, build }: OpenedHere, group: GroupId, people: readonly Person[]) {
  const [slowest, author] = people;
  if (slowest === undefined || author === undefined) throw new Error('There are two people at least.');
  const { seq } = await build.send(author, group, 'hello');
  const readers = people.filter((person) => person !== slowest);
  const moves = await opened.stores.membershipStore.moveCursors(
    readers.map(({ userId }) => ({
      conversationId: group,
      userId,
      deliveredUpTo: 0,
      readUpTo: seq,
      sharesReading: true,
    })),
  );
  const view = await opened.stores.conversationStore.view(group, author.userId);
  const smallest = moves.at(-1)?.readByAllUpTo;
  expect(moves.at(-1)).toMatchObject({ deliveredByAllUpTo: smallest });
  expect(view).toMatchObject({ readByAllUpTo: smallest, deliveredByAllUpTo: smallest });
  expect((await opened.audit()).findings).toEqual([]);
  return { slowest: smallest, head: seq };
}

const isCrowd = (directory: string): boolean[] => {
  const hand = new SqlConnection(storeFilesIn(directory).database, 'read');
  const rows = hand.all<{ in_crowd: bigint }>('SELECT DISTINCT in_crowd FROM membership');
  hand.close();
  return rows.map(({ in_crowd }) => in_crowd === 1n);
};

test('[RCPT-2] the smallest cursors are true while a group grows into a crowd, shrinks, and grows again', async ({
  openStore,
}) => {
  const here = await openStore();
  const { build, directory } = here;
  const people = await build.people(CROWD_MEMBERS + 2);
  const [slowest, owner, ...others] = people;
  const last = others.at(-1);
  if (slowest === undefined || owner === undefined || last === undefined) throw new Error('There are more people.');
  const group = await build.group(owner, [slowest]);
  expect(await allButOneRead(here, group, [slowest, owner])).toEqual({ slowest: 2, head: 3 });

  await build.add(owner, group, others.slice(0, CROWD_MEMBERS - 2));
  expect(isCrowd(directory)).toEqual([false]);
  expect(await allButOneRead(here, group, people.slice(0, CROWD_MEMBERS))).toEqual({ slowest: 2, head: 5 });

  await build.add(owner, group, [last]);
  expect(isCrowd(directory)).toEqual([true]);
  const crowd = [...people.slice(0, CROWD_MEMBERS), last];
  expect(await allButOneRead(here, group, crowd)).toEqual({ slowest: 2, head: 7 });

  await build.leave(slowest, group);
  expect(await allButOneRead(here, group, crowd.slice(1))).toEqual({ slowest: 7, head: 9 });
  await build.add(owner, group, [slowest]);
  expect(await allButOneRead(here, group, [slowest, ...crowd.slice(1)])).toEqual({ slowest: 10, head: 11 });
});

test('[RCPT-2] a group that begins as a crowd is one, and an audit finds a member who is not marked', async ({
  openStore,
}) => {
  const here = await openStore();
  const { opened, build, directory } = here;
  const people = await build.people(CROWD_MEMBERS + 1);
  const [owner, ...others] = people;
  if (owner === undefined) throw new Error('There are more people.');
  const group = await build.group(owner, others);
  expect(isCrowd(directory)).toEqual([true]);
  expect(await allButOneRead(here, group, people)).toEqual({ slowest: 2, head: 3 });

  const hand = new SqlConnection(storeFilesIn(directory).database, 'write');
  hand.run('UPDATE membership SET in_crowd = 0 WHERE shared_read_up_to = 2');
  hand.close();
  const claims = (await opened.audit()).findings.map(({ claim }) => claim);
  expect(claims).toEqual([expect.stringContaining('smallest cursor'), expect.stringContaining('not marked')]);
});
