import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-store.ts';
import { migrate } from '../migrations.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';
import { WAL_PAGES_FEW, walPages } from '../wal-pages.ts';
import { GroupCommit } from './group-commit.ts';

const LIMITS = { renewedFrom: 2 * WAL_PAGES_FEW, waitingMax: 4 * WAL_PAGES_FEW };
const PAGE_BYTES = 4_096;
/** Pages that a commit of nothing but the probe may write. */
const PAGES_OF_A_COMMIT = 8;

/** A writer without its thread, and what the checkpoint thread and a reader are to it. */
function openWriter() {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  const { database } = storeFilesIn(directory);
  const connection = new SqlConnection(database, 'write');
  migrate(connection, 'epoch');
  const groupCommit = new GroupCommit(connection, directory, LIMITS);
  walPages(connection, 'TRUNCATE');
  const checkpoints = new SqlConnection(database, 'write');
  const reader = new SqlConnection(database, 'read');
  onTestFinished(() => {
    for (const one of [reader, checkpoints, connection]) one.close();
    rmSync(directory, { recursive: true });
  });
  let rows = 0;
  return {
    reader,
    checkpoint: () => walPages(checkpoints, 'PASSIVE'),
    /** One commit: few pages and so many more. Returns what waits to be copied after it. */
    commit(pages = 0): number {
      if (pages > 0) {
        rows += 1;
        connection.run('INSERT INTO key_bundle VALUES (?, ?)', rows, 'x'.repeat(pages * PAGE_BYTES));
      }
      const { commit } = groupCommit.answer([['probe', undefined]]);
      return commit?.walPagesWaiting ?? Number.NaN;
    },
    written: () => walPages(connection, 'NOOP').written,
    fileBytes: () => statSync(join(directory, 'parley.db-wal')).size,
  };
}

describe('the write-ahead log', () => {
  test('begins anew at its first page once the checkpoint thread has left few pages, and its file does not grow', () => {
    const { commit, checkpoint, written, fileBytes, reader } = openWriter();
    expect(commit(LIMITS.renewedFrom)).toBeGreaterThan(LIMITS.renewedFrom);
    // A reader's view ends what a checkpoint may copy: the pages after it are those that were written while the checkpoint ran.
    reader.run('BEGIN');
    reader.one('SELECT count(*) FROM key_bundle');
    commit(WAL_PAGES_FEW / 2);
    expect(checkpoint().waiting).toBeGreaterThan(WAL_PAGES_FEW / 2);
    reader.rollBack();
    expect(commit()).toBe(0);
    const bytes = fileBytes();
    commit();
    expect(written()).toBeLessThanOrEqual(PAGES_OF_A_COMMIT);
    commit(LIMITS.renewedFrom);
    expect(fileBytes()).toBe(bytes);
  });

  test('goes on where it is while it is short, or while the checkpoint thread has much to copy', () => {
    const { commit, checkpoint, written } = openWriter();
    commit(WAL_PAGES_FEW);
    checkpoint();
    expect(commit(WAL_PAGES_FEW / 4)).toBeGreaterThan(0);
    expect(commit(LIMITS.renewedFrom)).toBeGreaterThan(WAL_PAGES_FEW);
    const before = written();
    commit();
    expect(written()).toBeGreaterThan(before);
  });

  test('does not begin anew under a reader, is not tried at each commit meanwhile, and begins anew when the reader has gone', () => {
    const { commit, checkpoint, written, reader } = openWriter();
    commit(LIMITS.renewedFrom);
    reader.run('BEGIN');
    const seen = reader.one('SELECT count(*) AS bundles FROM key_bundle');
    checkpoint();
    commit(WAL_PAGES_FEW / 4);
    const tried = written();
    expect(tried).toBeGreaterThan(LIMITS.renewedFrom);
    // What the reader may still need stays in the log: these wait.
    expect(commit(1)).toBeGreaterThan(0);
    expect(reader.one('SELECT count(*) AS bundles FROM key_bundle')).toEqual(seen);
    reader.rollBack();
    commit(LIMITS.renewedFrom / 4);
    commit();
    expect(written()).toBeLessThanOrEqual(PAGES_OF_A_COMMIT);
  });

  test('is copied by the writer itself when too much of it waits', () => {
    const { commit, written } = openWriter();
    expect(commit(LIMITS.waitingMax + 1)).toBe(0);
    commit();
    expect(written()).toBeLessThanOrEqual(PAGES_OF_A_COMMIT);
  });
});
