import type { AccountStore, ConversationRecord, Head } from '@parley/core';
import { type AuditOptions, type AuditReport, auditStore } from './maintenance/audit-store.ts';
import type { Tasks } from './maintenance/tasks.ts';
import type { Queries } from './reader/queries.ts';
import { ReaderPool } from './reader/reader-pool.ts';
import { ThreadLine } from './threads/thread-line.ts';

const READER = new URL('./reader/reader-thread.ts', import.meta.url);
const MAINTENANCE = new URL('./maintenance/maintenance-thread.ts', import.meta.url);
const PENDING_MAX = 100;

/** What an operator may do beside a running server, or without one: look, count, check, copy. Never writes an entry. */
export interface SqliteInspection {
  counts(): ReturnType<AccountStore['counts']>;
  /** Newest first. */
  users(query: string | undefined, limit: number): ReturnType<AccountStore['list']>;
  /** Last activity first. */
  conversations(limit: number): Promise<readonly { readonly record: ConversationRecord; readonly head: Head }[]>;
  audit(options?: AuditOptions): Promise<AuditReport>;
  integrityCheck(): Promise<readonly string[]>;
  /** One consistent state in a new file. */
  backupTo(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the store of a directory for looking only; a server may be using it. Rejects with a StoreError that says why when there is none or it cannot be read. */
export async function inspectSqlite(directory: string, onLost: (error: Error) => void): Promise<SqliteInspection> {
  const line = { directory, pendingMax: PENDING_MAX, onLost, writes: false };
  const reader = new ThreadLine<Queries>(READER, line);
  const maintenance = new ThreadLine<Tasks>(MAINTENANCE, line);
  const threads = [reader, maintenance];
  const close = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.close()));
  };
  try {
    await reader.opened();
  } catch (error) {
    await close();
    throw error;
  }
  const readers = new ReaderPool([reader]);
  return {
    counts: () => readers.query('countAll', undefined),
    users: (query, limit) => readers.query('listAccounts', { query, before: null, limit }),
    conversations: (limit) => readers.query('listActiveConversations', limit),
    audit: (options = {}) => auditStore(maintenance, options),
    integrityCheck: () => maintenance.call('integrityCheck', undefined),
    backupTo: (file) => maintenance.call('backUp', file),
    close,
  };
}
