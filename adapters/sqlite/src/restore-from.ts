import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '@parley/core';
import { lockDirectory } from './directory-lock.ts';
import { syncToDisk } from './maintenance/back-up.ts';
import { migrate, schemaVersionOf } from './migrations.ts';
import { SqlConnection } from './sql-connection.ts';
import { StoreSentence, storeFailureOf } from './store-failure.ts';
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
    if (replaced !== null) {
      foldWriteAheadLog(database);
      linkSync(database, replaced);
    }
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

/** Brings all that the old store holds into its one file. A store too damaged for that is kept as it is. */
function foldWriteAheadLog(database: string): void {
  try {
    const connection = new SqlConnection(database, 'write');
    walPages(connection, 'TRUNCATE');
    connection.close();
  } catch {
    // It is about to be replaced: what can be saved of it stays in its file.
  }
}
