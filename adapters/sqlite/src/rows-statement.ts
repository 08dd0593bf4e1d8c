import type { SqlConnection } from './sql-connection.ts';

/** Much of what a short statement costs is the border between JavaScript and SQLite: with one statement a row settling was slower than one statement over the whole log where nearly each row is of another conversation. */
const ROWS_TOGETHER = 16;

/** A statement about rows that are bound as values, written many at a time. */
export class RowsStatement {
  readonly #columns: number;
  readonly #many: string;
  readonly #one: string;

  /** `sqlOf` puts the rows, `VALUES (?, …), …`, into the statement. Where they are a subquery their columns are called column1, column2 and so on. */
  constructor(columns: number, sqlOf: (rows: string) => string) {
    const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
    const rows = (count: number): string => `VALUES ${Array.from({ length: count }, () => row).join(', ')}`;
    this.#columns = columns;
    this.#many = sqlOf(rows(ROWS_TOGETHER));
    this.#one = sqlOf(rows(1));
  }

  /** `values`: of one row after the other. */
  write(connection: SqlConnection, values: readonly (number | bigint | null)[]): void {
    const together = this.#columns * ROWS_TOGETHER;
    let at = 0;
    for (; at + together <= values.length; at += together)
      connection.run(this.#many, ...values.slice(at, at + together));
    for (; at < values.length; at += this.#columns) connection.run(this.#one, ...values.slice(at, at + this.#columns));
  }
}
