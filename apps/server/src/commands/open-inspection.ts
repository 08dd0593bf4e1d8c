import { inspectSqlite, type SqliteInspection } from '@parley/sqlite';
import { readConfig } from '../config.ts';
import { StartError } from '../start-error.ts';

/** Opens the store that the arguments name for looking; a server may be running on it. Runs `work` and closes. */
export async function withInspection<T>(
  args: readonly string[],
  work: (inspection: SqliteInspection, directory: string) => Promise<T>,
): Promise<T> {
  const config = readConfig(args);
  if (config.store !== 'sqlite')
    throw new StartError('Only a server with --store sqlite keeps something that can be looked at.');
  const inspection = await inspectSqlite(config.dataDirectory, () => undefined);
  try {
    return await work(inspection, config.dataDirectory);
  } finally {
    await inspection.close();
  }
}
