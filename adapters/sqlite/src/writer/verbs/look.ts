import { type Queries, queryNamed } from '../../reader/queries.ts';
import type { Write } from '../write.ts';

export interface Look {
  readonly name: keyof Queries;
  readonly args: unknown;
}

/** Answers a query of the readers in a transaction that is taken back: all is settled in it without being written. */
export function look({ connection }: Write, { name, args }: Look): unknown {
  return queryNamed(name)(connection, args);
}
