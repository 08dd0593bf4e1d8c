import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '@parley/core';
import { lockDirectory } from './directory-lock.ts';
import { syncToDisk } from './maintenance/back-up.ts';
import { migrate, schemaVersionOf } from './migrations.ts';
import { SqlConnection } from './sql-connection.ts';
import { isBusy, StoreSentence, storeFailureOf } from './store-failure.ts';
import { storeFilesIn } from './store-files.ts';
import { walPages } from './wal-pages.ts';

export interface Restored {
  /** Positions that clients hold from before are void. */
  readonly epoch: string;
  /** Where the store that was there before now lies; null when there was none. */
  readonly replaced: string | null;
}

const EPOCH_BYTES = 8;

/**
 * Puts a backup in the place of the store in `directory`, under a new epoch. Refuses (StoreError) while a server uses the directory, and a file that is no sound
 * backup; then nothing has changed. Runs in the calling thread: for a program of its own, not for a server.
 */
export function restoreFrom(file: string, directory: string): Restored {
  try {
    const unlock = lockDirectory(directory);
    try {
      return restoreLocked(file, directory);
    } finally {
      unlock();
    }
  } catch (error) {
    const { message, applied, retryable } = storeFailureOf(error, 'read', directory);
    throw new StoreError(message, { applied, retryable, cause: error });
  }
}

function restoreLocked(file: string, directory: string): Restored {
  const { database } = storeFilesIn(directory);
  const epoch = randomBytes(EPOCH_BYTES).toString('hex');
  const copy = `${database}.restoring`;
  try {
    prepareCopy(file, copy, epoch);
    const replaced = existsSync(database) ? join(directory, `parley-before-${epoch}.db`) : null;
    if (replaced !== null) keep(database, replaced, directory);
    for (const rest of ['-wal', '-shm']) rmSync(`${database}${rest}`, { force: true });
    renameSync(copy, database);
    syncToDisk(directory);
    return { epoch, replaced };
  } catch (error) {
    for (const rest of ['', '-wal', '-shm']) rmSync(`${copy}${rest}`, { force: true });
    throw error;
  }
}

/** A copy of the backup, checked, of this program's schema and with the new epoch, on disk. */
function prepareCopy(file: string, copy: string, epoch: string): void {
  if (!existsSync(file)) {
    throw new StoreSentence(`There is no backup file ${file}. Nothing was changed.`, { retryable: false });
  }
  rmSync(copy, { force: true });
  copyFileSync(file, copy);
  const connection = new SqlConnection(copy, 'write');
  try {
    const problems = connection.all<{ quick_check: string }>('PRAGMA quick_check');
    if (problems.length !== 1 || problems[0]?.quick_check !== 'ok' || schemaVersionOf(connection) === 0) {
      throw new StoreSentence(
        `${file} is no sound backup of a Parley store. Nothing was changed; use another backup.`,
        {
          retryable: false,
        },
      );
    }
    migrate(connection, epoch);
    connection.run('UPDATE meta SET epoch = ?', epoch);
    walPages(connection, 'TRUNCATE');
  } finally {
    connection.close();
  }
  syncToDisk(copy);
}

/** Gives the old store another name as well, all that it holds in its one file. One too damaged for that is kept as it is, with its write-ahead log under the name that goes with it. */
function keep(database: string, replaced: string, directory: string): void {
  const log = `${database}-wal`;
  // Before anything else: SQLite takes the log away by its name when it closes a store.
  if (existsSync(log)) linkSync(log, `${replaced}-wal`);
  const folded = foldWriteAheadLog(database);
  if (folded !== 'damaged') rmSync(`${replaced}-wal`, { force: true });
  if (folded === 'busy') {
    throw new StoreSentence(
      `Another program has the store in ${directory} open: an audit, a backup or a database shell. Nothing was changed. End it and try again.`,
      { retryable: true },
    );
  }
  linkSync(database, replaced);
}

/**
 * Leaving the mode of the write-ahead log folds all of it, and is refused while any other connection is there. A checkpoint is not enough: it leaves out what a reader holds
 * back, and whoever closes the old store later would take away the log of the new one, which has the same name.
 */
function foldWriteAheadLog(database: string): 'folded' | 'busy' | 'damaged' {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(database);
    connection.exec('PRAGMA journal_mode = DELETE');
    return 'folded';
  } catch (error) {
    return isBusy(error) ? 'busy' : 'damaged';
  } finally {
    connection?.close();
  }
}
