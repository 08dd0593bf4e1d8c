import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { resultCodeOf, StoreSentence } from './store-failure.ts';
import { storeFilesIn } from './store-files.ts';

const SQLITE_BUSY = 5;

/**
 * Takes the directory for this process: an exclusive transaction on a file of its own, whose lock the kernel frees with the process, also after SIGKILL.
 * Returns the function that gives it back. Throws StoreSentence when another program has it or when the directory is not there or cannot be used.
 */
export function lockDirectory(directory: string): () => void {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new StoreSentence(`The data directory ${directory} does not exist. Create it, or name another one.`, {
      retryable: false,
    });
  }
  const lock = new DatabaseSync(storeFilesIn(directory).lock);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (resultCodeOf(error) !== SQLITE_BUSY) throw error;
    throw new StoreSentence(
      `The data directory ${directory} is in use by another Parley process. Nothing was changed. Stop that process, or name another directory.`,
      { retryable: false, cause: error },
    );
  }
  return () => lock.close();
}
