import type { Write } from '../write.ts';

/** Writes a row as it is, so that the commit shows whether the disk still takes writes. */
export function probe(write: Write): void {
  write.connection.run('UPDATE meta SET writer_epoch = writer_epoch');
}
