import { cpSync } from 'node:fs';
import type { Stores } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { temporaryDirectory, test } from '../../test/temporary-store.ts';
import { auditConversations } from '../maintenance/audit.ts';
import { packAppends } from '../rows/packed-append.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';
import { GroupCommit } from './group-commit.ts';

const SETTLED = 'SELECT (SELECT max(entry) FROM log) - settled_entry AS behind FROM meta';

/** All that settling writes of one conversation, as the ports tell it to one member. */
async function told({ messageLog, membershipStore }: Stores, conversationId: ConversationId, viewer: UserId) {
  const heads = await messageLog.heads([conversationId]);
  const from = { beforeSeq: 1_000 } as const;
  const { messages } = await messageLog.history({ conversationId, viewer, visibleFromSeq: 1, from, limit: 100 });
  const { entries } = await messageLog.readAfter(conversationId, 0, 1_000);
  const membership = await membershipStore.find(conversationId, viewer);
  return { head: heads.get(conversationId), messages, entries, membership };
}

describe('settling', () => {
  test('[S15] what was acknowledged is read at once, though it is settled only for that', async ({ openStore }) => {
    const { opened, build, directory } = await openStore();
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const hand = new SqlConnection(storeFilesIn(directory).database, 'read');
    for (let number = 1; number <= 10; number += 1)
      await build.send(number % 2 === 0 ? alice : bob, group, `${number}`);
    expect(hand.one(SETTLED)).toEqual({ behind: 10n });

    const { head, messages, entries, membership } = await told(opened.stores, group, alice.userId);
    expect(hand.one(SETTLED)).toEqual({ behind: 0n });
    hand.close();
    expect(head).toMatchObject({ seq: 12, count: 10 });
    expect(messages.map(({ content }) => content?.text)).toEqual(
      Array.from({ length: 10 }, (_, number) => `${number + 1}`),
    );
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, before) => before + 1));
    expect(membership).toMatchObject({ readUpTo: 12, deliveredUpTo: 12, readCount: 10 });
    expect((await opened.audit()).findings).toEqual([]);
  });

  test('[S2] a store that was left in the middle is the same once it is opened again', async ({ openStore }) => {
    const { opened, build, directory } = await openStore();
    const [alice, bob] = [await build.person(), await build.person()];
    const groups = [await build.group(alice, [bob]), await build.group(bob, [alice])];
    for (let number = 0; number < 30; number += 1)
      for (const group of groups) await build.send(number % 3 === 0 ? alice : bob, group, `${number}`);
    // What a process that is killed now leaves behind.
    const left = temporaryDirectory();
    cpSync(directory, left, {
      recursive: true,
      filter: (source) => !source.endsWith('.lock') && !source.endsWith('-shm'),
    });
    const other = await openStore({ directory: left });
    for (const group of groups)
      for (const { userId } of [alice, bob])
        expect(await told(other.opened.stores, group, userId)).toEqual(await told(opened.stores, group, userId));
    expect((await other.opened.audit()).findings).toEqual([]);
  });

  test('[S1] entries go on without a gap however many of them wait, and after a transaction was rolled back', async ({
    openStore,
  }) => {
    const { opened, build } = await openStore();
    const alice = await build.person();
    const groups = await Promise.all(Array.from({ length: 300 }, () => build.group(alice)));
    const say = async (times: number): Promise<void> => {
      const texts = Array.from({ length: times }, (_, number) => `${number}`);
      await Promise.all(texts.flatMap((text) => groups.map((group) => build.send(alice, group, text))));
    };
    await say(3);
    const twin = { ...build.account(), userId: alice.userId };
    await expect(opened.stores.accountStore.create(twin, 'always')).rejects.toMatchObject({ applied: 'no' });
    await say(17);
    const heads = await opened.stores.messageLog.heads(groups);
    expect([...heads.values()].map(({ seq }) => seq)).toEqual(groups.map(() => 21));
    expect((await opened.audit()).findings).toEqual([]);
  });

  test('[S2] in the middle of a pass, and opened again from there, a store tells nothing wrong', async ({
    openStore,
  }) => {
    const { opened, build, directory } = await openStore();
    const people = await build.people(20);
    const groups: ConversationId[] = [];
    for (const person of people) groups.push(await build.group(person, people));
    await opened.close();
    const connection = new SqlConnection(storeFilesIn(directory).database, 'write');
    const writer = new GroupCommit(connection, directory);
    let at = 0;
    const say = (times: number): void => {
      const appends = Array.from({ length: times }, () => {
        at += 1;
        // No period of one is a multiple of the other's: everybody writes everywhere.
        const [author, group] = [people[at % 19], groups[at % groups.length]];
        if (author === undefined || group === undefined) throw new Error('There are twenty of both.');
        return build.newMessage(author, group, `${at}`);
      });
      writer.answer([['append', packAppends(appends)]]);
      writer.settleMany();
    };
    for (let turn = 0; turn < 18; turn += 1) say(256);
    const mark = connection.one<{ settled: bigint; places: bigint }>(
      'SELECT settled_entry AS settled, (SELECT count(*) FROM log_place WHERE entry > settled_entry) AS places FROM meta',
    );
    expect(mark?.places).toBeGreaterThan(0n);
    expect(connection.one(SETTLED)).not.toEqual({ behind: 0n });
    const left = temporaryDirectory();
    cpSync(directory, left, { recursive: true, filter: (source) => !/\.lock$|-shm$/.test(source) });
    const audited = temporaryDirectory();
    cpSync(left, audited, { recursive: true });
    const hand = new SqlConnection(storeFilesIn(audited).database, 'read');
    expect(auditConversations(hand, { after: 0n, limit: 100 }).findings).toEqual([]);
    hand.close();

    say(30);
    expect(connection.one(SETTLED)).not.toEqual({ behind: 0n });
    writer.close();
    expect(connection.one(SETTLED)).toEqual({ behind: 0n });
    connection.close();
    for (const [folder, count] of [
      [directory, 18 * 256 + 30],
      [left, 18 * 256],
    ] as const) {
      const { opened: again } = await openStore({ directory: folder });
      const heads = await again.stores.messageLog.heads(groups);
      expect([...heads.values()].reduce((sum, head) => sum + head.count, 0)).toBe(count);
      expect((await again.audit()).findings).toEqual([]);
    }
  });

  test('what nobody asks for is settled a part at a time, and what comes meanwhile waits for the next pass', async ({
    openStore,
  }) => {
    const { opened, build, directory } = await openStore();
    const alice = await build.person();
    const groups = await Promise.all(Array.from({ length: 600 }, () => build.group(alice)));
    await opened.close();
    const connection = new SqlConnection(storeFilesIn(directory).database, 'write');
    const writer = new GroupCommit(connection, directory);
    const say = (): void => {
      const appends = groups.map((group) => build.newMessage(alice, group, 'a'));
      writer.answer([['append', packAppends(appends)]]);
    };
    const settlePart = () => writer.answer([['settleSome', 256]]);
    const isOver = (): unknown => settlePart().values[0];
    expect(settlePart()).toMatchObject({ values: [true], commit: { isSettled: true } });
    say();
    expect([isOver(), isOver(), isOver()]).toEqual([false, false, true]);
    expect(connection.one(SETTLED)).toEqual({ behind: 0n });

    say();
    expect(isOver()).toBe(false);
    say();
    expect([isOver(), isOver()]).toEqual([false, true]);
    expect(connection.one(SETTLED)).toEqual({ behind: 600n });
    expect([isOver(), isOver()]).toEqual([true, true]);
    expect(connection.one(SETTLED)).toEqual({ behind: 0n });
    expect(auditConversations(connection, { after: 0n, limit: 1_000 }).findings).toEqual([]);
    connection.close();
  });

  test('[ERR-5] the writer answers a query without writing what it has not settled', async ({ openStore }) => {
    const { opened, build, directory } = await openStore();
    const alice = await build.person();
    const group = await build.group(alice);
    await opened.close();
    const connection = new SqlConnection(storeFilesIn(directory).database, 'write');
    const writer = new GroupCommit(connection, directory);
    const packed = (...texts: string[]) => packAppends(texts.map((text) => build.newMessage(alice, group, text)));
    writer.answer([['append', packed('1', '2', '3')]]);
    const look = (): unknown => writer.answer([['look', { name: 'heads', args: [group] }]]).values[0];
    expect(look()).toEqual(new Map([[group, expect.objectContaining({ seq: 4, count: 3 })]]));
    expect(connection.one(SETTLED)).toEqual({ behind: 3n });
    writer.answer([['append', packed('4')]]);
    expect(look()).toEqual(new Map([[group, expect.objectContaining({ seq: 5, count: 4 })]]));
    connection.close();
  });
});
