import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordChange, RecordName, SessionStore } from './session-store.ts';

/** What every `SessionStore` must do. `open` gives an empty store; call it from a test file of the adapter. */
export function describeSessionStoreContract(name: string, open: () => Promise<SessionStore>): void {
  describe(`SessionStore contract: ${name}`, () => {
    let store: SessionStore;
    beforeEach(async () => {
      store = await open();
    });

    it('[R5] a committed record reads back and carries a version', async () => {
      expect(await store.read(ALICE)).toBeUndefined();
      expect(await store.commit([put(ALICE, 0, 1)])).toBe('committed');
      const record = await store.read(ALICE);
      expect([...(record?.sealed ?? [])]).toEqual([1]);
      expect(record?.version).toBeGreaterThan(0);
    });

    it('[R5] all changes of a step are applied together', async () => {
      await store.commit([put(ALICE, 0, 1), put(MESSAGE, 0, 2)]);
      const version = (await store.read(ALICE))?.version ?? 0;
      const messageVersion = (await store.read(MESSAGE))?.version ?? 0;
      await store.commit([put(ALICE, version, 3), remove(MESSAGE, messageVersion)]);
      expect([...((await store.read(ALICE))?.sealed ?? [])]).toEqual([3]);
      expect(await store.read(MESSAGE)).toBeUndefined();
    });

    it('[R5] one stale expectation and nothing of the step is applied', async () => {
      await store.commit([put(ALICE, 0, 1)]);
      const version = (await store.read(ALICE))?.version ?? 0;
      expect(await store.commit([put(MESSAGE, 0, 9), put(ALICE, version + 1, 9)])).toBe('conflict');
      expect(await store.commit([put(MESSAGE, 0, 9), put(ALICE, 0, 9)])).toBe('conflict');
      expect(await store.read(MESSAGE)).toBeUndefined();
      expect([...((await store.read(ALICE))?.sealed ?? [])]).toEqual([1]);
    });

    it('[R6] of two writers that read the same version one wins', async () => {
      await store.commit([put(ALICE, 0, 1)]);
      const version = (await store.read(ALICE))?.version ?? 0;
      const outcomes = await Promise.all([
        store.commit([put(ALICE, version, 2)]),
        store.commit([put(ALICE, version, 3)]),
      ]);
      expect(outcomes.toSorted()).toEqual(['committed', 'conflict']);
    });

    it('[R6] a record that was deleted and made again has a new version', async () => {
      await store.commit([put(ALICE, 0, 1)]);
      const first = (await store.read(ALICE))?.version ?? 0;
      await store.commit([remove(ALICE, first)]);
      await store.commit([put(ALICE, 0, 1)]);
      expect(await store.commit([put(ALICE, first, 2)])).toBe('conflict');
    });

    it('[R6] the generation rises with each commit and not with a conflict', async () => {
      const start = await store.generation();
      await store.commit([put(ALICE, 0, 1)]);
      const after = await store.generation();
      expect(after).toBeGreaterThan(start);
      await store.commit([put(ALICE, 0, 1)]);
      expect(await store.generation()).toBe(after);
    });

    it('the caller may reuse its array after a commit', async () => {
      const change = put(ALICE, 0, 1);
      await store.commit([change]);
      change.sealed?.fill(7);
      expect([...((await store.read(ALICE))?.sealed ?? [])]).toEqual([1]);
    });

    it('ids of one kind are listed in order and in pages', async () => {
      await store.commit(['c', 'a', 'b'].map((id) => put({ kind: 'outgoing', id }, 0, 1)));
      await store.commit([put(ALICE, 0, 1)]);
      expect(await store.list('outgoing', '', 2)).toEqual(['a', 'b']);
      expect(await store.list('outgoing', 'b', 2)).toEqual(['c']);
      expect(await store.list('incoming', '', 2)).toEqual([]);
    });
  });
}

const ALICE: RecordName = { kind: 'session', id: 'usr_alice/dev_1' };
const MESSAGE: RecordName = { kind: 'outgoing', id: 'message' };

const put = (name: RecordName, expectedVersion: number, value: number): RecordChange => ({
  name,
  expectedVersion,
  sealed: Uint8Array.of(value),
});

const remove = (name: RecordName, expectedVersion: number): RecordChange => ({
  name,
  expectedVersion,
  sealed: undefined,
});
