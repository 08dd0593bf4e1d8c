import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** How long a connection waits for another one's lock. Only openings, checkpoints and backups ever make one wait. */
const LOCK_WAIT_MS = 5_000;
/** 32 MiB of pages in memory (negative: KiB). */
const CACHE_KIB = -32_768;

/**
 * One connection to a database file. Statements are prepared once for each SQL text; the texts are constants of this package, so there are few.
 * Every integer column comes as a bigint, because ids have 63 bits; `rows/` turns them into what the ports speak of.
 */
export class SqlConnection {
  readonly database: DatabaseSync;
  #syncsCommits = false;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, mode: 'read' | 'write') {
    this.database = new DatabaseSync(file, { readOnly: mode === 'read', timeout: LOCK_WAIT_MS });
    try {
      this.#setUp(mode);
    } catch (error) {
      // Nobody has the connection who could close it.
      this.database.close();
      throw error;
    }
  }

  #setUp(mode: 'read' | 'write'): void {
    this.database.exec(`PRAGMA cache_size = ${CACHE_KIB}`);
    if (mode === 'read') return;
    // The checkpoint thread copies the WAL back, not the writer in the middle of a commit.
    this.database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    this.syncCommits(true);
    // What was deleted is overwritten: a tombstone's text does not linger in free space.
    this.database.exec('PRAGMA secure_delete = ON');
  }

  /** Whether each commit is on disk before it returns, as from the start. One that is not goes to the disk with the next one at the latest, never after it. Not in a transaction. */
  syncCommits(isOn: boolean): void {
    if (this.#syncsCommits === isOn) return;
    this.#syncsCommits = isOn;
    this.database.exec(`PRAGMA synchronous = ${isOn ? 'FULL' : 'NORMAL'}`);
  }

  /** Returns how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  /** The rowid of the new row; undefined: the statement has added none. */
  insert(sql: string, ...values: SQLInputValue[]): bigint | undefined {
    const { changes, lastInsertRowid } = this.#prepared(sql).run(...values);
    return changes === 0n ? undefined : BigInt(lastInsertRowid);
  }

  // The casts hold: a row type is written next to its SQL and names the columns of that SQL.

  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  /** Rolls back what is open; does nothing when SQLite has already done so. */
  rollBack(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReadBigInts(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
