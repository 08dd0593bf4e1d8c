import type { SqlConnection } from './sql-connection.ts';

/** Pages of the write-ahead log that wait to be copied into the database file, after a checkpoint of this mode. NOOP only counts. */
export function walPages(connection: SqlConnection, mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): number {
  const row = connection.one<{ log: bigint; checkpointed: bigint }>(`PRAGMA wal_checkpoint(${mode})`);
  return Number((row?.log ?? 0n) - (row?.checkpointed ?? 0n));
}
