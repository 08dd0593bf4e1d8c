import type { ArgsOf, ResultOf, ThreadLine } from '../threads/thread-line.ts';
import type { Queries } from './queries.ts';

/** The reader threads as one: a query goes to the thread with the shortest queue. */
export class ReaderPool {
  readonly #lines: readonly ThreadLine<Queries>[];

  constructor(lines: readonly ThreadLine<Queries>[]) {
    this.#lines = lines;
  }

  query<Name extends keyof Queries & string>(
    name: Name,
    args: ArgsOf<Queries, Name>,
  ): Promise<ResultOf<Queries, Name>> {
    const line = this.#lines.reduce((best, other) => (other.pendingCount < best.pendingCount ? other : best));
    return line.call(name, args);
  }
}
