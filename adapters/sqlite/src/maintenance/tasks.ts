import type { SqlConnection } from '../sql-connection.ts';
import { walPages } from '../wal-pages.ts';
import { type AuditedPage, type AuditPage, auditConversations, auditUsers } from './audit.ts';
import { backUp } from './back-up.ts';

export interface Maintenance {
  readonly checkpoints: SqlConnection;
  readonly reading: SqlConnection;
}

/** One page of an audit sees one state of the store. */
const inOneState =
  (page: (connection: SqlConnection, args: AuditPage) => AuditedPage) =>
  ({ reading }: Maintenance, args: AuditPage): AuditedPage => {
    reading.run('BEGIN');
    try {
      return page(reading, args);
    } finally {
      reading.rollBack();
    }
  };

export const TASKS = {
  auditConversations: inOneState(auditConversations),
  auditUsers: inOneState(auditUsers),
  backUp: ({ reading }: Maintenance, file: string): Promise<void> => backUp(reading, file),
  /** Copies what it can without making anybody wait; returns how many pages still wait. */
  checkpoint: ({ checkpoints }: Maintenance): number => walPages(checkpoints, 'PASSIVE'),
  integrityCheck({ reading }: Maintenance): readonly string[] {
    const rows = reading.all<{ integrity_check: string }>('PRAGMA integrity_check');
    return rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok');
  },
} as const;

export type Tasks = typeof TASKS;
