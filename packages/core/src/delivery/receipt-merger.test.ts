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

it('[RCPT-2] moves within 250 ms become one commit and one event a cursor', async () => {
  const { world, bob, conversationId } = await conversationOfTwo();
  const moveCursors = vi.spyOn(world.core.membershipStore, 'moveCursors');
  const merger = new ReceiptMerger(world.core);
  for (const upTo of [2, 4, 3]) merger.add(bob.userId, conversationId, 'delivered', upTo);
  merger.add(bob.userId, conversationId, 'read', 2);
  merger.add(bob.userId, conversationId, 'read', 3);
  await world.clock.advance(249);
  expect(world.events('receipt')).toEqual([]);
  await world.clock.advance(1);
  expect(world.events('receipt')).toMatchObject([
    { kind: 'delivered', userId: bob.userId, upTo: 4, allUpTo: 4 },
    { kind: 'read', userId: bob.userId, upTo: 3, allUpTo: 3 },
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
  expect(world.events('receipt').map(({ kind, upTo }) => [kind, upTo])).toEqual([
    ['delivered', 4],
    ['read', 4],
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
  expect(world.events('receipt').map(({ userId, upTo }) => [userId, upTo])).toEqual([
    [bob.userId, 4],
    [bob.userId, 4],
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
  expect(world.events('receipt')).toHaveLength(2);
});
