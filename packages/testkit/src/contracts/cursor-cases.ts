import type { CursorRequest, Stores } from '@parley/core';
import { type GroupId, makeGroupId, type ReceiptKind } from '@parley/protocol';
import { expect } from 'vitest';
import type { Builders, Person } from '../builders.ts';
import { readWholeLog, readWholeUserLog } from './read-everything.ts';
import type { StoreTest } from './store-test.ts';

/** A group of three with messages at seq 3 to 6. */
async function fourMessages(build: Builders) {
  const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
  const group = await build.group(alice, [bob, carol]);
  for (const text of ['a', 'b', 'c', 'd']) await build.send(alice, group, text);
  return { alice, bob, carol, group };
}

const move = (group: GroupId, person: Person, kind: ReceiptKind, upTo: number, shared = true): CursorRequest => ({
  conversationId: group,
  userId: person.userId,
  deliveredUpTo: kind === 'delivered' ? upTo : 0,
  readUpTo: kind === 'read' ? upTo : 0,
  sharesReading: shared,
});

async function moved(stores: Stores, request: CursorRequest) {
  const [answer] = await stores.membershipStore.moveCursors([request]);
  if (answer === undefined) throw new Error('The one who moves a cursor is a member.');
  return answer;
}

/** Receipts, unread counts and who has read what. */
export function cursorCases(test: StoreTest): void {
  test('[RCPT-1] delivered moves alone, read moves delivered with it', async ({ stores, build }) => {
    const { bob, group } = await fourMessages(build);
    expect(await moved(stores, move(group, bob, 'delivered', 4))).toEqual({
      deliveredUpTo: 4,
      readUpTo: 2,
      readCount: 0,
      headSeq: 6,
      messageCount: 4,
      sharedReadUpTo: 2,
      isNews: true,
      isDelivery: true,
      deliveredByAllUpTo: 2,
      readByAllUpTo: 2,
    });
    expect(await moved(stores, move(group, bob, 'read', 5))).toMatchObject({
      deliveredUpTo: 5,
      readUpTo: 5,
      readCount: 3,
      sharedReadUpTo: 5,
      isNews: true,
    });
    expect(await stores.membershipStore.find(group, bob.userId)).toMatchObject({
      deliveredUpTo: 5,
      readUpTo: 5,
      readCount: 3,
    });
  });

  test('[RCPT-1] a cursor never goes back and never passes the head', async ({ stores, build }) => {
    const { bob, group } = await fourMessages(build);
    expect(await moved(stores, move(group, bob, 'read', 1_000))).toMatchObject({ readUpTo: 6, deliveredUpTo: 6 });
    const head = await stores.userLog.head(bob.userId);
    for (const request of [
      move(group, bob, 'read', 3),
      move(group, bob, 'delivered', 6),
      move(group, bob, 'read', 6),
    ]) {
      expect(await moved(stores, request)).toMatchObject({
        readUpTo: 6,
        deliveredUpTo: 6,
        readCount: 4,
        isNews: false,
        isDelivery: false,
      });
    }
    expect(await stores.userLog.head(bob.userId)).toBe(head);
  });

  test('[RCPT-2] the smallest cursor of all members follows the slowest', async ({ stores, build }) => {
    const { alice, bob, carol, group } = await fourMessages(build);
    const smallest = (deliveredByAllUpTo: number, readByAllUpTo: number) => ({ deliveredByAllUpTo, readByAllUpTo });
    expect(await moved(stores, move(group, bob, 'read', 6))).toMatchObject(smallest(2, 2));
    expect(await moved(stores, move(group, carol, 'delivered', 5))).toMatchObject(smallest(5, 2));
    expect(await moved(stores, move(group, carol, 'read', 4))).toMatchObject(smallest(5, 4));
    expect(await moved(stores, move(group, alice, 'read', 6))).toMatchObject({ isNews: false, ...smallest(5, 4) });
  });

  test('[RCPT-4] a private read moves the own count, others go on seeing "delivered"', async ({ stores, build }) => {
    const { alice, bob, group } = await fourMessages(build);
    expect(await moved(stores, move(group, bob, 'read', 5, false))).toMatchObject({
      deliveredUpTo: 5,
      readUpTo: 5,
      readCount: 3,
      sharedReadUpTo: 2,
      isNews: true,
      deliveredByAllUpTo: 2,
      readByAllUpTo: 2,
    });
    expect(await moved(stores, move(group, bob, 'delivered', 6))).toMatchObject({ isNews: true });
    expect(await moved(stores, move(group, bob, 'read', 6, false))).toMatchObject({ readUpTo: 6, isNews: false });
    expect((await stores.membershipStore.receipts(group, 3, null, 10)).items).toContainEqual({
      userId: bob.userId,
      deliveredUpTo: 6,
      readUpTo: 2,
    });
    expect(await stores.conversationStore.view(group, alice.userId)).toMatchObject({ readByAllUpTo: 2 });
    expect(await moved(stores, move(group, bob, 'read', 6, true))).toMatchObject({
      readUpTo: 6,
      sharedReadUpTo: 6,
      isNews: true,
      isDelivery: false,
    });
  });

  test('[RCPT-3] a cursor that moved is told to all devices of its user, the last move only', async ({
    stores,
    build,
  }) => {
    const { bob, group } = await fourMessages(build);
    const other = await build.group(bob);
    await build.send(await build.deviceOf(bob.userId), other, 'elsewhere');
    for (const upTo of [3, 4, 5]) await moved(stores, move(group, bob, 'read', upTo));
    const facts = await readWholeUserLog(stores.userLog, bob.userId);
    expect(facts.filter(({ type }) => type === 'cursor_moved')).toEqual([
      {
        userId: bob.userId,
        seq: await stores.userLog.head(bob.userId),
        type: 'cursor_moved',
        conversationId: group,
        deliveredUpTo: 5,
        readUpTo: 5,
        readCount: 3,
      },
    ]);
  });

  test('[RCPT-1] requests of one call are answered in order, with the smallest cursors after the last of them', async ({
    stores,
    build,
  }) => {
    const { alice, bob, carol, group } = await fourMessages(build);
    const stranger = await build.person();
    const answers = await stores.membershipStore.moveCursors([
      move(group, bob, 'delivered', 3),
      move(group, stranger, 'read', 3),
      move(group, bob, 'delivered', 5),
      move(makeGroupId(build.nextIdNumber()), bob, 'read', 3),
      move(group, carol, 'read', 4),
    ]);
    expect(answers.map((answer) => answer?.deliveredUpTo)).toEqual([3, undefined, 5, undefined, 4]);
    expect(answers[0]).toMatchObject({ deliveredByAllUpTo: 4, readByAllUpTo: 2 });
    expect(answers.at(-1)).toMatchObject({ sharedReadUpTo: 4, deliveredByAllUpTo: 4, readByAllUpTo: 2 });
    const all = await stores.membershipStore.moveCursors(
      [alice, bob, carol].map((person, index) => move(group, person, 'read', 4 + index)),
    );
    expect(all.map((answer) => answer?.readByAllUpTo)).toEqual([5, 5, 5]);
    expect(await stores.membershipStore.moveCursors([])).toEqual([]);
  });

  test('[RCPT-1] moves that race end at the furthest', async ({ stores, build }) => {
    const { bob, group } = await fourMessages(build);
    await Promise.all([5, 3, 6, 4].map((upTo) => moved(stores, move(group, bob, 'read', upTo))));
    expect(await stores.membershipStore.find(group, bob.userId)).toMatchObject({ readUpTo: 6, readCount: 4 });
    const facts = await readWholeUserLog(stores.userLog, bob.userId);
    expect(facts.filter(({ type }) => type === 'cursor_moved')).toMatchObject([{ readUpTo: 6, readCount: 4 }]);
  });

  test('[RCPT-3] unread by arithmetic is unread by counting, at every place of the cursor', async ({
    stores,
    build,
  }) => {
    const { alice, bob, group } = await fourMessages(build);
    await build.appended(build.reaction(alice, group, 3, '👍'));
    await build.appended(build.edit(alice, group, 4, 'edited'));
    await build.send(alice, group, 'e');
    await build.appended(build.deletion(alice, group, 5));
    const counted = (await readWholeLog(stores.messageLog, group)).map(({ seq, count }) => ({ seq, count }));
    const messageSeqs = [3, 4, 5, 6, 9];
    for (let upTo = 2; upTo <= 10; upTo += 1) {
      const { messageCount, readCount, readUpTo } = await moved(stores, move(group, bob, 'read', upTo));
      expect(readUpTo).toBe(upTo);
      expect(messageCount - readCount).toBe(messageSeqs.filter((seq) => seq > upTo).length);
      const entry = counted.find(({ seq }) => seq === upTo);
      if (entry !== undefined) expect(readCount).toBe(entry.count);
    }
  });

  test('[RCPT-5] receipts count recipients without the sender and page through them by user id', async ({
    stores,
    build,
  }) => {
    const { alice, bob, carol, group } = await fourMessages(build);
    await moved(stores, move(group, bob, 'read', 6));
    await moved(stores, move(group, carol, 'delivered', 4));
    const whole = await stores.membershipStore.receipts(group, 4, null, 10);
    expect(whole).toEqual({
      recipients: 2,
      delivered: 2,
      read: 1,
      items: [
        { userId: bob.userId, deliveredUpTo: 6, readUpTo: 6 },
        { userId: carol.userId, deliveredUpTo: 4, readUpTo: 2 },
      ].sort((one, other) => (one.userId < other.userId ? -1 : 1)),
    });
    expect(await stores.membershipStore.receipts(group, 5, null, 10)).toMatchObject({ delivered: 1, read: 1 });
    const [first, second] = whole.items;
    if (first === undefined || second === undefined) throw new Error('There are two recipients.');
    expect(await stores.membershipStore.receipts(group, 4, null, 1)).toEqual({ ...whole, items: [first] });
    expect(await stores.membershipStore.receipts(group, 4, first.userId, 1)).toEqual({ ...whole, items: [second] });
    expect((await stores.membershipStore.receipts(group, 4, second.userId, 1)).items).toEqual([]);
    expect(whole.items.map(({ userId }) => userId)).not.toContain(alice.userId);
  });

  test('[RCPT-5] who joined a group after a message is no recipient of it', async ({ stores, build }) => {
    const { alice, group } = await fourMessages(build);
    const before = await stores.membershipStore.receipts(group, 4, null, 10);
    const late = await build.person();
    expect(await build.add(alice, group, [late])).toMatchObject({ kind: 'changed' });
    expect(await stores.membershipStore.receipts(group, 4, null, 10)).toEqual(before);
  });
}
