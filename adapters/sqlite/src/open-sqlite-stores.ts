import type { Log, Stores } from '@parley/core';
import { SqliteAccountStore } from './account-store.ts';
import { SqliteConversationStore } from './conversation-store.ts';
import { SqliteDeviceStore } from './device-store.ts';
import { SqliteKeyBundleStore } from './key-bundle-store.ts';
import { SqliteMailbox } from './mailbox.ts';
import { SqliteMembershipStore } from './membership-store.ts';
import { SqliteMessageLog } from './message-log.ts';
import type { Queries } from './reader/queries.ts';
import { ReaderPool } from './reader/reader-pool.ts';
import { ThreadLine } from './threads/thread-line.ts';
import type { CommitReport } from './threads/thread-messages.ts';
import { SqliteUserLog } from './user-log.ts';
import type { Verbs } from './writer/verbs.ts';

const WRITER = new URL('./writer/writer-thread.ts', import.meta.url);
const READER = new URL('./reader/reader-thread.ts', import.meta.url);

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

export interface SqliteStores {
  readonly stores: Stores;
  close(): Promise<void>;
}

export async function openSqliteStores(options: SqliteOptions): Promise<SqliteStores> {
  const { directory, log } = options;
  const pendingMax = options.pendingMax ?? PENDING_MAX_DEFAULT;
  const onLost = (error: Error) => log.error('storage_thread_lost', { directory, cause: error.cause });
  const line = { directory, pendingMax, onLost };
  let userLog: SqliteUserLog | undefined;
  const onCommit = ({ userLogEntries }: CommitReport) => userLog?.reportAppended(userLogEntries);
  const writer = new ThreadLine<Verbs>(WRITER, { ...line, writes: true, onCommit });
  await writer.opened();
  const lines = Array.from({ length: options.readerCount ?? READERS_DEFAULT }, () => {
    return new ThreadLine<Queries>(READER, { ...line, writes: false });
  });
  await Promise.all(lines.map((reader) => reader.opened()));
  const readers = new ReaderPool(lines);
  userLog = new SqliteUserLog(writer, readers);
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
    },
    async close() {
      await writer.close();
      await readers.close();
    },
  };
}
