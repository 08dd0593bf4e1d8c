import { SCHEMA_VERSION_1, SCHEMA_VERSION_2 } from './schema.ts';
import type { SqlConnection } from './sql-connection.ts';
import { StoreSentence } from './store-failure.ts';

/** Marks the file as ours (PRAGMA application_id): the letters PRLY. */
export const APPLICATION_ID = 0x50_52_4c_59;

/** Step n leads from schema version n to n + 1. Steps are never changed once released, only added. */
const STEPS: readonly string[] = [SCHEMA_VERSION_1, SCHEMA_VERSION_2];
export const SCHEMA_VERSION = STEPS.length;

/**
 * Brings the schema up to `version` (PRAGMA user_version), each step in its own transaction, forward only. A new store gets `epoch`.
 * Throws StoreSentence when the file belongs to a newer program or to another one.
 */
export function migrate(connection: SqlConnection, epoch: string, version = SCHEMA_VERSION): void {
  const found = schemaVersionOf(connection);
  if (found > version) {
    throw new StoreSentence(
      `The store has schema version ${found}, this program knows versions up to ${version}. Nothing was changed. Start the newer program, or restore a backup from before the upgrade.`,
      { retryable: false },
    );
  }
  for (let from = found; from < version; from += 1) {
    connection.database.exec('BEGIN IMMEDIATE');
    try {
      connection.database.exec(STEPS[from] ?? '');
      if (from === 0) {
        connection.run('INSERT INTO meta (one, epoch, writer_epoch) VALUES (1, ?, 0)', epoch);
        connection.database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      }
      connection.database.exec(`PRAGMA user_version = ${from + 1}; COMMIT`);
    } catch (error) {
      connection.rollBack();
      throw error;
    }
  }
}

/** 0: an empty file. */
export function schemaVersionOf(connection: SqlConnection): number {
  const pragmas = connection.one<{ version: bigint; application: bigint; tables: bigint }>(
    `SELECT v.user_version AS version, a.application_id AS application, (SELECT count(*) FROM sqlite_schema) AS tables
     FROM pragma_user_version v, pragma_application_id a`,
  );
  if (pragmas === undefined) return 0;
  if (pragmas.tables > 0n && Number(pragmas.application) !== APPLICATION_ID) {
    throw new StoreSentence('The file is a database of another program. Nothing was changed. Name another directory.', {
      retryable: false,
    });
  }
  return Number(pragmas.version);
}
