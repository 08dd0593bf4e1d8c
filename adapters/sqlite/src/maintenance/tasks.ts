import type { SqlConnection } from '../sql-connection.ts';
import { walPages } from '../wal-pages.ts';
import { type AuditedPage, type AuditPage, auditConversations, auditUsers } from './audit.ts';
import { backUp } from './back-up.ts';

export interface Maintenance {
  readonly checkpoints: SqlConnection;
  readonly reading: SqlConnection;
}

const CHECKPOINT_ROUNDS_MAX = 8;
/** So few the writer may copy itself: 2 MiB. */
const WAL_PAGES_FEW = 512;

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
  /** Copies pages without making anybody wait, and again what was written meanwhile. Returns whether only few are left. */
  checkpoint({ checkpoints }: Maintenance): boolean {
    for (let round = 0; round < CHECKPOINT_ROUNDS_MAX; round += 1) {
      walPages(checkpoints, 'PASSIVE');
      if (walPages(checkpoints, 'NOOP').waiting <= WAL_PAGES_FEW) return true;
    }
    return false;
  },
  integrityCheck({ reading }: Maintenance): readonly string[] {
    const rows = reading.all<{ integrity_check: string }>('PRAGMA integrity_check');
    return rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok');
  },
} as const;

export type Tasks = typeof TASKS;
