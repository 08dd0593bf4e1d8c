import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup } from 'node:sqlite';
import type { SqlConnection } from '../sql-connection.ts';
import { StoreSentence } from '../store-failure.ts';

/** Pages copied before other work of the thread gets its turn. */
const PAGES_PER_STEP = 1_024;

/**
 * Copies one consistent state of the store to a new file while it is written. The file has its name only once it is whole and on disk.
 */
export async function backUp(connection: SqlConnection, file: string): Promise<void> {
  if (existsSync(file)) {
    throw new StoreSentence(`The backup file ${file} exists already. Nothing was written; name another file.`, {
      retryable: false,
    });
  }
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  // The open transaction holds the state: without it each commit of the writer would start the copy again.
  connection.run('BEGIN');
  try {
    connection.one('SELECT epoch FROM meta');
    await backup(connection.database, partial, { rate: PAGES_PER_STEP });
  } finally {
    connection.rollBack();
  }
  syncToDisk(partial);
  renameSync(partial, file);
  syncToDisk(dirname(file));
}

/** A file's content, or a directory's names. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
