import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-store.ts';
import { migrate } from '../migrations.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';
import { walPages } from '../wal-pages.ts';
import { GroupCommit } from './group-commit.ts';

const WAITING_MAX = 2_048;
const MANY = 1_024;
const FEW = 128;
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
  const groupCommit = new GroupCommit(connection, directory, WAITING_MAX);
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
    /** As the only request of its turn. */
    renew: () => groupCommit.answer([['renewWal', undefined]]),
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
  test('begins anew at its first page once the writer has copied what the checkpoint thread has left, and its file does not grow', () => {
    const { commit, checkpoint, renew, written, fileBytes, reader } = openWriter();
    expect(commit(MANY)).toBeGreaterThan(MANY);
    // A reader's view ends what a checkpoint may copy: the pages after it are those that were written while the checkpoint ran.
    reader.run('BEGIN');
    reader.one('SELECT count(*) FROM key_bundle');
    commit(FEW);
    expect(checkpoint().waiting).toBeGreaterThan(FEW);
    reader.rollBack();
    const { values, failures, commit: report } = renew();
    expect({ values, failures }).toEqual({ values: [undefined], failures: [] });
    expect(report).toMatchObject({ commits: 0, walPagesWaiting: 0 });
    const bytes = fileBytes();
    commit();
    expect(written()).toBeLessThanOrEqual(PAGES_OF_A_COMMIT);
    commit(MANY);
    expect(fileBytes()).toBe(bytes);
  });

  test('goes on where it is as long as nobody asks the writer for that', () => {
    const { commit, checkpoint, written } = openWriter();
    commit(MANY);
    checkpoint();
    expect(commit(FEW)).toBeGreaterThan(0);
    const before = written();
    commit();
    expect(written()).toBeGreaterThan(before);
  });

  test('does not begin anew under a reader, which sees what it saw, and does so the next time', () => {
    const { commit, checkpoint, renew, written, reader } = openWriter();
    commit(MANY);
    reader.run('BEGIN');
    const seen = reader.one('SELECT count(*) AS bundles FROM key_bundle');
    commit(FEW);
    checkpoint();
    renew();
    // What the reader may still need stays in the log: these wait.
    expect(commit(1)).toBeGreaterThan(0);
    expect(written()).toBeGreaterThan(MANY + FEW);
    expect(reader.one('SELECT count(*) AS bundles FROM key_bundle')).toEqual(seen);
    reader.rollBack();
    renew();
    commit();
    expect(written()).toBeLessThanOrEqual(PAGES_OF_A_COMMIT);
  });

  test('is copied by the writer itself when too much of it waits', () => {
    const { commit, written } = openWriter();
    expect(commit(WAITING_MAX + 1)).toBe(0);
    commit();
    expect(written()).toBeLessThanOrEqual(PAGES_OF_A_COMMIT);
  });
});
