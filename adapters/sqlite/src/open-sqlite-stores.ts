import type { Log, Stores } from '@parley/core';
import { SqliteAccountStore } from './account-store.ts';
import { SqliteConversationStore } from './conversation-store.ts';
import { SqliteDeviceStore } from './device-store.ts';
import { SqliteKeyBundleStore } from './key-bundle-store.ts';
import { SqliteMailbox } from './mailbox.ts';
import { type AuditOptions, type AuditReport, auditStore } from './maintenance/audit-store.ts';
import { Checkpointing } from './maintenance/checkpointing.ts';
import type { Tasks } from './maintenance/tasks.ts';
import { SqliteMembershipStore } from './membership-store.ts';
import { SqliteMessageLog } from './message-log.ts';
import { SqlitePlaceStore } from './place-store.ts';
import type { Queries } from './reader/queries.ts';
import { ReaderPool } from './reader/reader-pool.ts';
import { Settling } from './settling.ts';
import { storeFilesIn } from './store-files.ts';
import { type LineOptions, ThreadLine } from './threads/thread-line.ts';
import { SqliteUserLog } from './user-log.ts';
import type { Verbs } from './writer/verbs.ts';

const WRITER = new URL('./writer/writer-thread.ts', import.meta.url);
const READER = new URL('./reader/reader-thread.ts', import.meta.url);
const MAINTENANCE = new URL('./maintenance/maintenance-thread.ts', import.meta.url);

const READERS_DEFAULT = 1;
const PENDING_MAX_DEFAULT = 50_000;

export interface SqliteOptions {
  /** Must exist; used by one process at a time. */
  readonly directory: string;
  /** Threads that read; 1 by default. */
  readonly readerCount?: number;
  /** Requests that may wait for the writer, and for each reader; 50,000 by default. */
  readonly pendingMax?: number;
  readonly log: Log;
}

/** Numbers since the opening. */
export interface SqliteCounters {
  /** Transactions committed: fewer than requests as soon as requests share one. */
  readonly commits: number;
  readonly requestsPending: number;
  /** Pages of the write-ahead log not yet copied into the database file. */
  readonly walPagesWaiting: number;
}

/** The stores and what an operator does with them. All of it rejects with StoreError when it cannot be done. */
export interface SqliteStores {
  readonly stores: Stores;
  /** Resolves when a write and a read have gone through: for readiness. */
  check(): Promise<void>;
  counters(): SqliteCounters;
  /** One consistent state, while the store goes on, in a new file. */
  backupTo(file: string): Promise<void>;
  /** Recounts everything that is counted or derived; empty `findings`: all is well. */
  audit(options?: AuditOptions): Promise<AuditReport>;
  /** SQLite's own check of the file; empty: sound. */
  integrityCheck(): Promise<readonly string[]>;
  /** Refuses new requests, finishes all accepted ones, folds the write-ahead log into the file. */
  close(): Promise<void>;
}

/** Opens or creates the store in a directory. Rejects with a StoreError that says why when it is in use, missing, read-only, full, damaged or of a newer program. */
export async function openSqliteStores(options: SqliteOptions): Promise<SqliteStores> {
  const { directory, log } = options;
  const onLost = (error: Error) => log.error('storage_thread_lost', { directory, cause: error.cause });
  const line: Omit<LineOptions, 'writes'> = {
    directory,
    pendingMax: options.pendingMax ?? PENDING_MAX_DEFAULT,
    onLost,
  };
  const writer = new ThreadLine<Verbs>(WRITER, { ...line, writes: true });
  // First, because it takes the directory and brings the schema up to date.
  await writer.opened();
  const readerLines = Array.from({ length: options.readerCount ?? READERS_DEFAULT }, () => {
    return new ThreadLine<Queries>(READER, { ...line, writes: false });
  });
  const maintenance = new ThreadLine<Tasks>(MAINTENANCE, { ...line, writes: false });
  const threads = [writer, ...readerLines, maintenance];
  const settling = new Settling(writer);
  const checkpointing = new Checkpointing({ maintenance, writer }, storeFilesIn(directory).database, log);
  const close = (): Promise<void> => {
    settling.close();
    return checkpointing.close(Promise.all(threads.map((thread) => thread.close())));
  };
  try {
    // Maintenance starts when there is something to maintain.
    await Promise.all(readerLines.map((reader) => reader.opened()));
  } catch (error) {
    await close();
    throw error;
  }

  const readers = new ReaderPool(readerLines, settling);
  const userLog = new SqliteUserLog(writer, readers);
  const counters = { commits: 0, walPagesWaiting: 0 };
  writer.onCommit(({ commits, isSettled, walPagesWaiting, userLogEntries }) => {
    settling.onCommit(isSettled);
    counters.commits += commits;
    counters.walPagesWaiting = walPagesWaiting;
    checkpointing.onCommit(walPagesWaiting);
    userLog.reportAppended(userLogEntries);
  });
  return {
    stores: {
      messageLog: new SqliteMessageLog(writer, readers),
      conversationStore: new SqliteConversationStore(writer, readers),
      membershipStore: new SqliteMembershipStore(writer, readers),
      userLog,
      accountStore: new SqliteAccountStore(writer, readers),
      deviceStore: new SqliteDeviceStore(writer, readers),
      keyBundleStore: new SqliteKeyBundleStore(writer, readers),
      mailbox: new SqliteMailbox(writer, readers),
      placeStore: new SqlitePlaceStore(writer, readers),
    },
    async check() {
      await Promise.all([writer.call('probe', undefined), readers.query('readEpoch', undefined)]);
    },
    counters: () => ({ ...counters, requestsPending: writer.pendingCount }),
    backupTo: (file) => maintenance.call('backUp', file),
    audit: (auditOptions = {}) => auditStore(maintenance, auditOptions),
    integrityCheck: () => maintenance.call('integrityCheck', undefined),
    close,
  };
}
