import { join } from 'node:path';

/** The files of a store in its directory. */
export interface StoreFiles {
  readonly database: string;
  /** Held in an exclusive transaction for as long as a program uses the directory. */
  readonly lock: string;
}

export function storeFilesIn(directory: string): StoreFiles {
  return { database: join(directory, 'parley.db'), lock: join(directory, 'parley.lock') };
}
