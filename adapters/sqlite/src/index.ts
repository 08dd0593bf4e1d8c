export { inspectSqlite, type SqliteInspection } from './inspect-sqlite.ts';
export type { AuditFinding } from './maintenance/audit.ts';
export type { AuditOptions, AuditProgress, AuditReport } from './maintenance/audit-store.ts';
export { openSqliteStores, type SqliteCounters, type SqliteOptions, type SqliteStores } from './open-sqlite-stores.ts';
export { type Restored, restoreFrom } from './restore-from.ts';
