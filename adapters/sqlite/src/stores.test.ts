import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectLog, durabilityContract, type OpenedStores, storesContract } from '@parley/testkit';
import { openSqliteStores } from './open-sqlite-stores.ts';

async function openIn(directory: string): Promise<OpenedStores> {
  const opened = await openSqliteStores({ directory, log: collectLog() });
  return {
    stores: opened.stores,
    async close() {
      await opened.close();
      rmSync(directory, { recursive: true });
    },
    async reopen() {
      await opened.close();
      return openIn(directory);
    },
  };
}

const open = () => openIn(mkdtempSync(join(tmpdir(), 'parley-sqlite-')));

storesContract('sqlite', open);
durabilityContract('sqlite', open);
