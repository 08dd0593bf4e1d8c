import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryDirectory, test } from '../test/temporary-store.ts';
import { SqlConnection } from './sql-connection.ts';

const OPEN_FILES = '/proc/self/fd';

/** Names of the files that this process has open. A handle may be gone before it is looked at: of the listing itself it always is. */
const openFiles = () =>
  readdirSync(OPEN_FILES).map((handle) => {
    try {
      return readlinkSync(join(OPEN_FILES, handle));
    } catch {
      return null;
    }
  });

test('a connection that cannot be set up leaves no file open', () => {
  const file = join(temporaryDirectory(), 'store.db');
  writeFileSync(file, 'This is no database, and longer than the header of one: '.repeat(10));
  expect(() => new SqlConnection(file, 'write')).toThrow(/not a database/);
  expect(openFiles()).not.toContain(file);
  const sound = join(temporaryDirectory(), 'store.db');
  const connection = new SqlConnection(sound, 'write');
  expect(openFiles()).toContain(sound);
  connection.close();
});
