import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Builders, collectLog } from '@parley/testkit';
import { test as base } from 'vitest';
import { openSqliteStores, type SqliteOptions, type SqliteStores } from '../src/open-sqlite-stores.ts';

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'parley-sqlite-'));

export interface OpenedHere {
  readonly directory: string;
  readonly opened: SqliteStores;
  readonly build: Builders;
}

/** `test` of vitest with a function that opens a store, in a new directory unless one is named; all are closed and removed after the test. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
  .extend('openStore', async ({}, { onCleanup }) => {
    const all: OpenedHere[] = [];
    onCleanup(async () => {
      for (const { opened, directory } of all) {
        await opened.close();
        rmSync(directory, { recursive: true, force: true });
      }
    });
    return async (options: Partial<SqliteOptions> = {}): Promise<OpenedHere> => {
      const directory = options.directory ?? temporaryDirectory();
      const opened = await openSqliteStores({ log: collectLog(), ...options, directory });
      const here = { directory, opened, build: new Builders(opened.stores) };
      all.push(here);
      return here;
    };
  });
