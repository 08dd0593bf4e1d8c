import type { PresenceStore } from '@parley/core';
import { makeUserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';

export interface OpenedPresenceStore {
  readonly presenceStore: PresenceStore;
  readonly timeToLiveMs: number;
  close(): Promise<void>;
}

const [alice, bob] = [makeUserId(1n), makeUserId(2n)];
const NOW = 1_760_000_000_000;

/** What `PresenceStore` promises, shown on an engine. */
export function presenceStoreContract(engine: string, open: () => Promise<OpenedPresenceStore>): void {
  const presenceTest = test.extend(
    'opened',
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
    async ({}, { onCleanup }) => {
      const opened = await open();
      onCleanup(() => opened.close());
      return opened;
    },
  );

  describe(`${engine}: PresenceStore`, () => {
    presenceTest('[PRES-1] the first connection brings a user online, the last takes it off', async ({ opened }) => {
      const { presenceStore: store } = opened;
      expect(await store.online([alice, bob], NOW)).toEqual(new Set());
      expect(await store.connect(alice, 'one', NOW)).toBe(true);
      expect(await store.connect(alice, 'two', NOW)).toBe(false);
      expect(await store.online([alice, bob], NOW)).toEqual(new Set([alice]));
      expect(await store.disconnect(alice, 'one', NOW)).toBe(false);
      expect(await store.online([alice], NOW)).toEqual(new Set([alice]));
      expect(await store.disconnect(alice, 'two', NOW)).toBe(true);
      expect(await store.online([alice], NOW)).toEqual(new Set());
    });

    presenceTest('[S12] the late end of an old connection does not take the new one away', async ({ opened }) => {
      const { presenceStore: store } = opened;
      await store.connect(alice, 'old', NOW);
      await store.connect(alice, 'new', NOW + 1);
      expect(await store.disconnect(alice, 'old', NOW + 2)).toBe(false);
      expect(await store.disconnect(alice, 'old', NOW + 3)).toBe(false);
      expect(await store.disconnect(alice, 'never', NOW + 3)).toBe(false);
      expect(await store.disconnect(bob, 'new', NOW + 3)).toBe(false);
      expect(await store.online([alice], NOW + 3)).toEqual(new Set([alice]));
      expect(await store.disconnect(alice, 'new', NOW + 4)).toBe(true);
      expect(await store.disconnect(alice, 'new', NOW + 5)).toBe(false);
    });

    presenceTest('[PRES-1] a connection that is not touched counts as gone', async ({ opened }) => {
      const { presenceStore: store, timeToLiveMs } = opened;
      await store.connect(alice, 'one', NOW);
      await store.connect(bob, 'two', NOW);
      const half = NOW + timeToLiveMs / 2;
      await store.touch([{ userId: bob, connectionId: 'two' }], half);
      expect(await store.online([alice, bob], NOW + timeToLiveMs - 1)).toEqual(new Set([alice, bob]));
      expect(await store.online([alice, bob], NOW + timeToLiveMs + 1)).toEqual(new Set([bob]));
      expect(await store.counts(NOW + timeToLiveMs + 1)).toEqual({ connections: 1, users: 1 });
      expect(await store.connect(alice, 'three', NOW + timeToLiveMs + 1)).toBe(true);
      expect(await store.online([bob], half + timeToLiveMs + 1)).toEqual(new Set());
    });

    presenceTest('[PRES-1] the end of the last living connection counts as the last', async ({ opened }) => {
      const { presenceStore: store, timeToLiveMs } = opened;
      await store.connect(alice, 'died with its node', NOW);
      await store.connect(alice, 'alive', NOW + timeToLiveMs);
      expect(await store.disconnect(alice, 'alive', NOW + timeToLiveMs + 1)).toBe(true);
    });

    presenceTest('[PRES-1] counts are those of living connections and their users', async ({ opened }) => {
      const { presenceStore: store } = opened;
      expect(await store.counts(NOW)).toEqual({ connections: 0, users: 0 });
      await store.connect(alice, 'one', NOW);
      await store.connect(alice, 'two', NOW);
      await store.connect(bob, 'three', NOW);
      await store.connect(bob, 'three', NOW + 1);
      expect(await store.counts(NOW + 1)).toEqual({ connections: 3, users: 2 });
    });
  });
}
