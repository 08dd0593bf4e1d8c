import type { SqlConnection } from '../../sql-connection.ts';

export function readEpoch(connection: SqlConnection): string {
  return connection.one<{ epoch: string }>('SELECT epoch FROM meta')?.epoch ?? '';
}
