import type { UserLogEntry } from '@parley/core';
import type { StoreFailure } from '../store-failure.ts';

/**
 * What goes through the door of a storage thread. It is copied there, and an object costs several times what a list does: of a message's way through the writer that was
 * a twentieth. Requests and answers have no numbers: a thread answers everything in the order in which it was asked.
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
  const values = answers.map((answer) => (answer.kind === 'value' ? answer.value : undefined));
  const failures = answers.flatMap((answer, place) =>
    answer.kind === 'failed' ? [[place, answer.failure] as const] : [],
  );
  return { type: 'answers', values, failures, commit };
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
