import { walPages } from '../../wal-pages.ts';
import type { Write } from '../write.ts';

/**
 * Copies what is left of the write-ahead log, so that it begins anew at its first page: written over it costs about half of what a growing file does, and its syncs
 * a third. Only the writer can: while others copy it writes on. Readers that still need the log put it off to the next time. Not in a transaction.
 */
export function renewWal({ connection }: Write): void {
  walPages(connection, 'PASSIVE');
}
