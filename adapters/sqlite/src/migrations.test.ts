import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { temporaryDirectory, test } from '../test/temporary-store.ts';
import { migrate, SCHEMA_VERSION, schemaVersionOf } from './migrations.ts';
import { SqlConnection } from './sql-connection.ts';
import { storeFilesIn } from './store-files.ts';

const connect = () => new SqlConnection(join(temporaryDirectory(), 'store.db'), 'write');

const schemaOf = (connection: SqlConnection) =>
  connection.all<{ sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name');

describe('migrations', () => {
  for (let from = 0; from <= SCHEMA_VERSION; from += 1) {
    test(`a store of schema version ${from} becomes the same as a new one`, () => {
      const [old, fresh] = [connect(), connect()];
      migrate(old, 'e1', from);
      migrate(old, 'e1');
      migrate(fresh, 'e1');
      expect(schemaVersionOf(old)).toBe(SCHEMA_VERSION);
      expect(schemaOf(old)).toEqual(schemaOf(fresh));
      old.close();
      fresh.close();
    });
  }

  test('[S1] the places that version 1 kept in the heads are kept', () => {
    const connection = connect();
    migrate(connection, 'e1', 1);
    connection.database.exec(`
      INSERT INTO head VALUES (1, 10, 10, 10, 5, 108, 109, 110, 103, 104, 105, 106, 107);
      INSERT INTO log_place VALUES (1, 1, 101), (1, 2, 102), (1, 3, 103), (1, 4, 104), (1, 5, 105), (1, 6, 106), (1, 7, 107);
      INSERT INTO log (entry, conversation, seq, type, count, created_at, sender_id) VALUES (110, 1, 10, 1, 10, 5, 1);`);
    migrate(connection, 'e1');
    const places = connection.all<{ entry: bigint }>('SELECT entry FROM log_place ORDER BY conversation, seq');
    expect(places.map(({ entry }) => Number(entry))).toEqual(Array.from({ length: 10 }, (_, before) => 101 + before));
    expect(connection.one('SELECT settled_entry FROM meta')).toEqual({ settled_entry: 110n });
    connection.close();
  });

  test('the epoch of a store stays when it is opened again', () => {
    const connection = connect();
    migrate(connection, 'first');
    migrate(connection, 'second');
    expect(connection.one('SELECT epoch FROM meta')).toEqual({ epoch: 'first' });
    connection.close();
  });

  test('a store of a newer program is refused with both versions and what to do', async ({ openStore }) => {
    const { directory, opened } = await openStore();
    await opened.close();
    const connection = new SqlConnection(storeFilesIn(directory).database, 'write');
    connection.database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    connection.close();
    await expect(openStore({ directory })).rejects.toMatchObject({
      name: 'StoreError',
      applied: 'no',
      message: expect.stringMatching(
        new RegExp(
          `version ${SCHEMA_VERSION + 1}, .* up to ${SCHEMA_VERSION}\\. Nothing was changed\\. Start the newer`,
        ),
      ),
    });
  });

  test('a database of another program is refused and left as it is', () => {
    const connection = connect();
    connection.database.exec('CREATE TABLE theirs (x)');
    expect(() => migrate(connection, 'e1')).toThrow(/another program/);
    expect(schemaOf(connection)).toEqual([{ sql: 'CREATE TABLE theirs (x)' }]);
    connection.close();
  });
});
