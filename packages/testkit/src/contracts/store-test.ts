import type { Stores } from '@parley/core';
import { test } from 'vitest';
import { Builders } from '../builders.ts';

/** The stores of an engine. `reopen` closes them and opens them again at the same place; an engine that forgets has none. */
export interface OpenedStores {
  readonly stores: Stores;
  close(): Promise<void>;
  reopen?(): Promise<OpenedStores>;
}

/** Opens empty stores; called once for each test. */
export type OpenStores = () => Promise<OpenedStores>;

/** `test` of vitest with fresh stores of an engine and builders over them; they are closed after each test. */
export function storeTest(open: OpenStores) {
  return (
    test
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
      .extend('stores', async ({}, { onCleanup }) => {
        const opened = await open();
        onCleanup(() => opened.close());
        return opened.stores;
      })
      .extend('build', ({ stores }) => new Builders(stores))
  );
}
export type StoreTest = ReturnType<typeof storeTest>;
