import { expect, it, vi } from 'vitest';
import { CoreUnderTest, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { viewConversation } from '../conversations/view-conversation.ts';
import type { MembershipStore } from '../ports/membership-store.ts';
import { StoreError } from '../ports/store-error.ts';
import { ReceiptMerger } from './receipt-merger.ts';

async function conversationOfTwo(settings = {}) {
  const world = new CoreUnderTest(settings);
  const [alice, bob] = (await world.people(2)) as [Actor, Actor];
  const conversationId = await world.direct(alice, bob);
  for (let sent = 0; sent < 3; sent += 1) await world.say(alice, conversationId);
  return { world, alice, bob, conversationId };
}

it('[RCPT-2] moves within 250 ms become one commit and one event a conversation', async () => {
  const world = new CoreUnderTest();
  const [alice, bob, eve] = (await world.people(3)) as [Actor, Actor, Actor];
  const [group, direct] = [await world.group(alice, [bob, eve]), await world.direct(alice, bob)];
  for (let sent = 0; sent < 3; sent += 1) await world.say(alice, group);
  const seq = await world.say(alice, direct);
  const moveCursors = vi.spyOn(world.core.membershipStore, 'moveCursors');
  const merger = new ReceiptMerger(world.core);
  for (const upTo of [3, 5, 4]) merger.add(bob.userId, group, 'delivered', upTo);
  merger.add(eve.userId, group, 'read', 3);
  merger.add(bob.userId, direct, 'read', seq);
  merger.add(eve.userId, group, 'read', 4);
  await world.clock.advance(249);
  expect(world.events('receipts')).toEqual([]);
  await world.clock.advance(1);
  expect(world.events('receipts')).toEqual([
    {
      type: 'receipts',
      conversationId: group,
      cursors: [
        { userId: bob.userId, deliveredUpTo: 5, readUpTo: 2, isDelivery: true },
        { userId: eve.userId, deliveredUpTo: 4, readUpTo: 4, isDelivery: true },
      ],
      deliveredByAllUpTo: 4,
      readByAllUpTo: 2,
    },
    {
      type: 'receipts',
      conversationId: direct,
      cursors: [{ userId: bob.userId, deliveredUpTo: seq, readUpTo: seq, isDelivery: true }],
      deliveredByAllUpTo: seq,
      readByAllUpTo: seq,
    },
  ]);
  expect(moveCursors).toHaveBeenCalledTimes(1);
  expect(world.clock.pendingTimers).toBe(0);
});

it('[RCPT-2] a flush does not wait for the time, and repeating moves nothing', async () => {
  const { world, bob, conversationId } = await conversationOfTwo();
  const merger = new ReceiptMerger(world.core);
  for (let time = 0; time < 2; time += 1) {
    merger.add(bob.userId, conversationId, 'read', 4);
    await merger.flush();
  }
  const seen = await doneValue(viewConversation(world.core, bob, conversationId));
  expect(seen).toMatchObject({ unread_count: 0, my: { read_up_to: 4 } });
  expect(world.events('receipts').map(({ cursors }) => cursors)).toEqual([
    [{ userId: bob.userId, deliveredUpTo: 4, readUpTo: 4, isDelivery: true }],
  ]);
});

it('what does not fit is dropped and counted; strangers move nothing', async () => {
  const { world, bob, conversationId } = await conversationOfTwo({ receiptsPendingMax: 2 });
  const stranger = await world.person();
  const merger = new ReceiptMerger(world.core);
  merger.add(stranger.userId, conversationId, 'read', 4);
  merger.add(bob.userId, conversationId, 'read', 3);
  merger.add(world.core.ids.userId(), conversationId, 'read', 3);
  merger.add(bob.userId, conversationId, 'read', 4);
  await merger.flush();
  expect(merger.droppedCount).toBe(1);
  expect(world.events('receipts').map(({ cursors }) => cursors)).toEqual([
    [{ userId: bob.userId, deliveredUpTo: 4, readUpTo: 4, isDelivery: true }],
  ]);
});

it('a store that fails costs the moves, which clients repeat, not the merger', async () => {
  const { world, bob, conversationId } = await conversationOfTwo();
  const { membershipStore } = world.core;
  let failures = 1;
  const moveCursors: MembershipStore['moveCursors'] = async (requests) => {
    failures -= 1;
    if (failures >= 0) throw new StoreError('The disk of this test is full.', { applied: 'no', retryable: true });
    return membershipStore.moveCursors(requests);
  };
  const flaky = new Proxy(membershipStore, {
    get: (store, name): unknown => (name === 'moveCursors' ? moveCursors : Reflect.get(store, name)),
  });
  const merger = new ReceiptMerger({ ...world.core, membershipStore: flaky });
  merger.add(bob.userId, conversationId, 'read', 4);
  await merger.flush();
  expect(merger.droppedCount).toBe(1);
  expect(world.log.lines.some(({ event }) => event === 'receipts.not_stored')).toBe(true);
  merger.add(bob.userId, conversationId, 'read', 4);
  await merger.flush();
  expect(world.events('receipts')).toHaveLength(1);
});
