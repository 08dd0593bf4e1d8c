import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLInputValue>>;

/**
 * Writes rows as copies of rows that the server itself wrote, with some columns changed: what the bench does not know of the schema stays as the server made it, and a
 * new column does not break it. For a store whose server is not running.
 */
export class ClonedRows {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // A run that breaks off throws its store away: nothing here has to survive a power cut.
    this.#database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  }

  /** Every integer comes as a bigint: ids have 63 bits. */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    // The cast holds: SQLite gives what it takes.
    return statement.all(...values) as Row[];
  }

  one(sql: string, ...values: SQLInputValue[]): Row {
    const [row] = this.all(sql, ...values);
    if (row === undefined) throw new Error(`The server did not write the row that is to be copied: ${sql}`);
    return row;
  }

  clone(table: string, template: Row, changes: Row): void {
    const columns = Object.keys(template);
    const key = `${table} ${columns.length}`;
    let insert = this.#statements.get(key);
    if (insert === undefined) {
      const marks = columns.map(() => '?').join(', ');
      insert = this.#database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
      this.#statements.set(key, insert);
    }
    insert.run(...columns.map((column) => changes[column] ?? template[column] ?? null));
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  runNamed(sql: string, values: Row): void {
    this.#prepared(sql).run(values);
  }

  #prepared(sql: string): ReturnType<DatabaseSync['prepare']> {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  inTransaction(write: () => void): void {
    this.#database.exec('BEGIN');
    write();
    this.#database.exec('COMMIT');
  }

  close(): void {
    this.#statements.clear();
    // The server expects what it left behind.
    this.#database.exec('PRAGMA journal_mode = WAL');
    this.#database.close();
  }
}
