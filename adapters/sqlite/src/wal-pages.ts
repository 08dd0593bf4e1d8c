import type { SqlConnection } from './sql-connection.ts';

/** The write-ahead log, in pages. */
export interface WalPages {
  readonly written: number;
  /** Not yet copied into the database file. */
  readonly waiting: number;
}

/** The state of the write-ahead log after a checkpoint of this mode. NOOP only counts. */
export function walPages(connection: SqlConnection, mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): WalPages {
  const row = connection.one<{ log: bigint; checkpointed: bigint }>(`PRAGMA wal_checkpoint(${mode})`);
  const written = Number(row?.log ?? 0n);
  return { written, waiting: written - Number(row?.checkpointed ?? 0n) };
}
