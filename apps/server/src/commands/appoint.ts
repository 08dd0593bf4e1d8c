import type { AccountStore } from '@parley/core';
import { PinoLog } from '@parley/pino';
import { parseUserId, type UserId } from '@parley/protocol';
import { openSqliteStores } from '@parley/sqlite';
import { StartError } from '../start-error.ts';
import { fileArgument } from './file-argument.ts';
import { withInspection } from './open-inspection.ts';

/** `parley admin appoint NAME`: for a server on which nobody is left who could appoint (PLACE-5). Whoever may write its data may do this. */
export async function appoint(args: readonly string[]): Promise<number> {
  const { file: name, options } = fileArgument(args);
  if (name === undefined)
    throw new StartError('Say whom: parley admin appoint NAME [--data folder]. Nothing was changed.');
  // Looked at first: opening for writing would make a store where there is none.
  return await withInspection(options, async (_, directory) => {
    const { stores, close } = await openSqliteStores({ directory, log: new PinoLog({ level: 'error' }) });
    try {
      const userId = await findUser(stores.accountStore, name);
      const outcome = userId && (await stores.accountStore.setAdmin(userId, true));
      if (outcome?.kind !== 'set') throw new StartError(`There is no account "${name}". Nothing was changed.`);
      process.stdout.write(`${outcome.account.name} (${outcome.account.userId}) is an administrator now.\n`);
      return 0;
    } finally {
      await close();
    }
  });
}

async function findUser(accounts: AccountStore, name: string): Promise<UserId | undefined> {
  return (await accounts.findByIdentifier(name))?.userId ?? parseUserId(name);
}
