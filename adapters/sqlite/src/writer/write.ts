import type { UserLogEntry } from '@parley/core';
import type { SqlConnection } from '../sql-connection.ts';
import type { KnownLogs } from './known-logs.ts';

/** The running write transaction. Verbs decide everything before they write: one that refuses has changed nothing. */
export interface Write {
  readonly connection: SqlConnection;
  readonly known: KnownLogs;
  /** What the transaction has appended to user logs; reported after the commit. */
  readonly userLogEntries: UserLogEntry[];
}
