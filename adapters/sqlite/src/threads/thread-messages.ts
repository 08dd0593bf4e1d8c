import type { UserLogEntry } from '@parley/core';
import type { StoreFailure } from '../store-failure.ts';

/**
 * What goes through the door of a storage thread. It is copied there, and an object costs several times what a list does: of a message's way through the writer that was
 * a twentieth. A list that `map` made is copied as one with holes, at twice the cost: lists for the door are made with `push`. Requests and answers have no numbers: a thread answers everything in the order in which it was asked.
 */

export type ThreadRequest = readonly [name: string, args: unknown];

/** The answer to one request, on the side of the thread. */
export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: StoreFailure };

export type ToThread =
  | { readonly type: 'requests'; readonly requests: readonly ThreadRequest[] }
  /** Answer what was asked before, close everything, then say `closed`. */
  | { readonly type: 'close' };

/** Answers of one turn. The writer adds what the commit did. */
export interface Answers {
  readonly type: 'answers';
  /** One for each request, in their order; undefined where it failed. */
  readonly values: readonly unknown[];
  readonly failures: readonly (readonly [place: number, failure: StoreFailure])[];
  readonly commit: CommitReport | undefined;
}

export function answersOf(answers: readonly Answer[], commit?: CommitReport): Answers {
  const values: unknown[] = [];
  const failures: (readonly [place: number, failure: StoreFailure])[] = [];
  for (const [place, answer] of answers.entries()) {
    values.push(answer.kind === 'value' ? answer.value : undefined);
    if (answer.kind === 'failed') failures.push([place, answer.failure]);
  }
  return { type: 'answers', values, failures, commit };
}

export interface CommitReport {
  readonly userLogEntries: readonly UserLogEntry[];
  readonly commits: number;
  /** Whether what follows from every entry of the logs is in the tables that are read. */
  readonly isSettled: boolean;
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
