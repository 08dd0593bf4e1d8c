import { type FileHandle, open } from 'node:fs/promises';
import type { Log } from '@parley/core';
import type { ThreadLine } from '../threads/thread-line.ts';
import type { Verbs } from '../writer/verbs.ts';
import type { Tasks } from './tasks.ts';

/**
 * 64 MiB: a checkpoint writes each page once however often the log holds it, and syncs the database file, which is dear. Of a store with 1,500,000 messages in 10,000
 * conversations that all go on, it costs 2.6 µs a message and at 32 MiB 4.5. A longer log makes readers search longer, and the opening after a crash.
 */
const WAL_PAGES_BEFORE_CHECKPOINT = 16_384;

export interface CheckpointingThreads {
  readonly maintenance: Pick<ThreadLine<Tasks>, 'call'>;
  readonly writer: Pick<ThreadLine<Verbs>, 'call'>;
}

/**
 * Brings the write-ahead log back to its beginning when it has grown, in three steps: the maintenance thread copies the pages while the writer writes on, the file is
 * synced, and the writer copies the few that came meanwhile. SQLite syncs the file only in a checkpoint that leaves nothing, which under load is the writer's: without
 * the second step all writes wait there for the disk to take 64 MiB (15 to 33 ms in B3; with it 1 to 4).
 */
export class Checkpointing {
  readonly #threads: CheckpointingThreads;
  readonly #databaseFile: string;
  readonly #log: Log;
  #database: FileHandle | undefined;
  #running: Promise<void> | undefined;
  #isClosing = false;

  constructor(threads: CheckpointingThreads, databaseFile: string, log: Log) {
    this.#threads = threads;
    this.#databaseFile = databaseFile;
    this.#log = log;
  }

  /** Told by the writer after each commit. */
  onCommit(walPagesWaiting: number): void {
    if (this.#running !== undefined || this.#isClosing || walPagesWaiting < WAL_PAGES_BEFORE_CHECKPOINT) return;
    this.#running = this.#checkpoint()
      .catch((error: unknown) => {
        // One that fails loses nothing: the next one copies the same pages, and the writer itself steps in when they get too many.
        if (!this.#isClosing) this.#log.warn('checkpoint_failed', { error });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Begins no checkpoint any more. Resolves when the running one is over and the connections are closed. */
  async close(connectionsClosed: Promise<unknown>): Promise<void> {
    this.#isClosing = true;
    await connectionsClosed;
    await this.#running;
    // Not before: whoever closes a file takes back all locks of the process on it, also those of SQLite's connections (https://sqlite.org/howtocorrupt.html, 2.2).
    await this.#database?.close();
  }

  async #checkpoint(): Promise<void> {
    // Under a reader that needs the log for long the next commit tries again.
    if (!(await this.#threads.maintenance.call('checkpoint', undefined))) return;
    this.#database ??= await open(this.#databaseFile, 'r+');
    await this.#database.datasync();
    await this.#threads.writer.call('renewWal', undefined);
  }
}
