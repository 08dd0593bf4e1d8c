import { FakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { ownHeap, startIdleCollection } from './idle-collection.ts';

const MIB = 2 ** 20;

function setUp() {
  const clock = new FakeClock();
  const state = { heldBytes: 100 * MIB, busyShare: 0, collections: 0 };
  const stop = startIdleCollection(clock, {
    heldBytes: () => state.heldBytes,
    busyShare: () => state.busyShare,
    collect: () => {
      state.collections += 1;
      state.heldBytes = 60 * MIB;
    },
  });
  return { clock, state, stop };
}

test('what the start left behind is collected once the loop is idle', async () => {
  const { clock, state } = setUp();
  state.busyShare = 0.9;
  await clock.advance(20_000);
  expect(state.collections).toBe(0);
  state.busyShare = 0.01;
  await clock.advance(5_000);
  expect(state.collections).toBe(1);
});

test('it is collected again only after it has grown by 16 MiB', async () => {
  const { clock, state } = setUp();
  await clock.advance(5_000);
  state.heldBytes = 75 * MIB;
  await clock.advance(60_000);
  expect(state.collections).toBe(1);
  state.heldBytes = 77 * MIB;
  await clock.advance(5_000);
  expect(state.collections).toBe(2);
});

test('after its end nothing is collected', async () => {
  const { clock, state, stop } = setUp();
  stop();
  await clock.advance(60_000);
  expect(state.collections).toBe(0);
});

test('a collection of this thread takes what nobody holds', async () => {
  const heap = ownHeap();
  const forgotten = new WeakRef({ nobody: 'holds this' });
  // A WeakRef keeps its object until the turn that made it has ended.
  await new Promise((resolve) => setImmediate(resolve));
  heap.collect();
  expect(forgotten.deref()).toBeUndefined();
  expect(heap.heldBytes()).toBeGreaterThan(MIB);
  expect(heap.busyShare()).toBeLessThanOrEqual(1);
});
