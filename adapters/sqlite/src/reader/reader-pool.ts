import type { Settling } from '../settling.ts';
import type { ArgsOf, ResultOf, ThreadLine } from '../threads/thread-line.ts';
import { APART_FROM_LOGS, type Queries } from './queries.ts';

/** The reader threads as one: a query goes to the thread with the shortest queue. */
export class ReaderPool {
  readonly #lines: readonly ThreadLine<Queries>[];
  readonly #settling: Settling | undefined;

  /** Without `settling` every query is one of the files. */
  constructor(lines: readonly ThreadLine<Queries>[], settling?: Settling) {
    this.#lines = lines;
    this.#settling = settling;
  }

  query<Name extends keyof Queries & string>(
    name: Name,
    args: ArgsOf<Queries, Name>,
  ): Promise<ResultOf<Queries, Name>> {
    const settling = APART_FROM_LOGS.has(name) ? undefined : this.#settling?.settled();
    if (settling === undefined) return this.queryFiles(name, args);
    return settling.then(
      () => this.queryFiles(name, args),
      // The disk may be full: reading goes on. The cast holds as in ThreadLine.call.
      () => this.#settling?.look(name, args) as Promise<ResultOf<Queries, Name>>,
    );
  }

  /** What is in the files, which may be a second or two old; the writer has nothing to do for it. */
  queryFiles<Name extends keyof Queries & string>(
    name: Name,
    args: ArgsOf<Queries, Name>,
  ): Promise<ResultOf<Queries, Name>> {
    const line = this.#lines.reduce((best, other) => (other.pendingCount < best.pendingCount ? other : best));
    return line.call(name, args);
  }
}
