import { rmSync } from 'node:fs';
import { collectLog, durabilityContract, type OpenedStores, storesContract } from '@parley/testkit';
import { temporaryDirectory } from '../test/temporary-store.ts';
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

const open = () => openIn(temporaryDirectory());

storesContract('sqlite', open);
durabilityContract('sqlite', open);
