import { describe, expect } from 'vitest';
import { type OpenStores, storeTest } from './store-test.ts';

const NOW = 1_800_000_000_000;
const invitation = (invitationId: string, usesMax = 1, expiresAt: number | null = null) => ({
  invitationId,
  usesMax,
  createdAt: NOW,
  expiresAt,
});

/** What `PlaceStore` promises, shown on an engine. */
export function placeStoreContract(engine: string, open: OpenStores): void {
  describe(`${engine}: PlaceStore`, () => {
    const test = storeTest(open);

    test('[PLACE-2] holds nothing at first, then what was decided last, field by field', async ({ stores }) => {
      const { placeStore } = stores;
      expect(await placeStore.read()).toEqual({ name: null, registration: null });
      expect(await placeStore.decide({ name: 'Harbour' })).toEqual({ name: 'Harbour', registration: null });
      await placeStore.decide({ registration: 'invitation' });
      expect(await placeStore.read()).toEqual({ name: 'Harbour', registration: 'invitation' });
      await placeStore.decide({ registration: 'open', name: 'Quay' });
      expect(await placeStore.read()).toEqual({ name: 'Quay', registration: 'open' });
    });

    test('[PLACE-3] an invitation is redeemed as often as it has uses; a use can be given back', async ({ stores }) => {
      const { placeStore } = stores;
      await placeStore.invite(invitation('a', 2), 10);
      expect(await placeStore.redeem('a', NOW)).toBe(true);
      expect(await placeStore.redeem('a', NOW)).toBe(true);
      expect(await placeStore.redeem('a', NOW)).toBe(false);
      await placeStore.giveBack('a');
      expect(await placeStore.redeem('a', NOW)).toBe(true);
      expect(await placeStore.redeem('b', NOW)).toBe(false);
      await placeStore.giveBack('b');
      expect(await placeStore.listInvitations()).toEqual([{ ...invitation('a', 2), uses: 2 }]);
    });

    test('[PLACE-3] under concurrent tries no more succeed than uses were left', async ({ stores }) => {
      await stores.placeStore.invite(invitation('a', 3), 10);
      const tries = await Promise.all(Array.from({ length: 12 }, () => stores.placeStore.redeem('a', NOW)));
      expect(tries.filter((succeeded) => succeeded)).toHaveLength(3);
    });

    test('[PLACE-3] is not redeemed from the moment of its expiry, nor once withdrawn', async ({ stores }) => {
      const { placeStore } = stores;
      await placeStore.invite(invitation('a', 5, NOW + 100), 10);
      expect(await placeStore.redeem('a', NOW + 99)).toBe(true);
      expect(await placeStore.redeem('a', NOW + 100)).toBe(false);
      await placeStore.invite(invitation('b', 5), 10);
      expect(await placeStore.withdraw('b')).toBe(true);
      expect(await placeStore.withdraw('b')).toBe(false);
      expect(await placeStore.redeem('b', NOW)).toBe(false);
    });

    test('[PLACE-4] at most so many stand at a time; expired ones make room; newest first', async ({ stores }) => {
      const { placeStore } = stores;
      expect(await placeStore.invite({ ...invitation('a'), expiresAt: NOW + 1 }, 2)).toBe(true);
      expect(await placeStore.invite(invitation('b'), 2)).toBe(true);
      expect(await placeStore.invite(invitation('c'), 2)).toBe(false);
      expect(await placeStore.invite({ ...invitation('d'), createdAt: NOW + 1 }, 2)).toBe(true);
      expect((await placeStore.listInvitations()).map(({ invitationId }) => invitationId)).toEqual(['d', 'b']);
    });

    test('[PLACE-2] says how large it is, or that it does not know', async ({ stores }) => {
      const bytes = await stores.placeStore.storedBytes();
      expect(bytes === null || bytes > 0).toBe(true);
    });
  });
}
