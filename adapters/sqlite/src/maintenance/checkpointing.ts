import type { Log } from '@parley/core';
import type { ThreadLine } from '../threads/thread-line.ts';
import type { Tasks } from './tasks.ts';

/**
 * 64 MiB: a checkpoint writes each page once however often the log holds it, and syncs the database file, which is dear. Of a store with 1,500,000 messages in 10,000
 * conversations that all go on, it costs 2.6 µs a message and at 32 MiB 4.5. A longer log makes readers search longer, and the opening after a crash.
 */
const WAL_PAGES_BEFORE_CHECKPOINT = 16_384;

/** Asks the maintenance thread for a checkpoint when the write-ahead log has grown, one at a time. */
export class Checkpointing {
  readonly #maintenance: ThreadLine<Tasks>;
  readonly #log: Log;
  #isRunning = false;

  constructor(maintenance: ThreadLine<Tasks>, log: Log) {
    this.#maintenance = maintenance;
    this.#log = log;
  }

  /** Told by the writer after each commit. */
  onCommit(walPagesWaiting: number): void {
    if (this.#isRunning || walPagesWaiting < WAL_PAGES_BEFORE_CHECKPOINT) return;
    this.#isRunning = true;
    // A checkpoint that fails loses nothing: the next one copies the same pages, and the writer itself steps in when they get too many.
    this.#maintenance
      .call('checkpoint', undefined)
      .catch((error: unknown) => this.#log.warn('checkpoint_failed', { error }))
      .finally(() => {
        this.#isRunning = false;
      });
  }
}
