import type { UserLogEntry } from '@parley/core';
import type { StoreFailure } from '../store-failure.ts';

/** What goes through the door of a storage thread. */

export interface ThreadRequest {
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
}

export type Answer =
  | { readonly id: number; readonly kind: 'value'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: StoreFailure };

export type ToThread =
  | { readonly type: 'requests'; readonly requests: readonly ThreadRequest[] }
  /** Answer what was asked before, close everything, then say `closed`. */
  | { readonly type: 'close' };

/** Answers of one turn. The writer adds what the commit did. */
export interface Answers {
  readonly type: 'answers';
  readonly answers: readonly Answer[];
  readonly commit?: CommitReport;
}

export interface CommitReport {
  readonly userLogEntries: readonly UserLogEntry[];
  readonly commits: number;
  /** Pages in the write-ahead log that are not yet copied into the database file. */
  readonly walPagesWaiting: number;
}

export type FromThread =
  | { readonly type: 'open' }
  | { readonly type: 'refused'; readonly failure: StoreFailure }
  | Answers
  | { readonly type: 'closed' };

export interface ThreadData {
  readonly directory: string;
}
