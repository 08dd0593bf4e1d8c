import type { ThreadLine } from '../threads/thread-line.ts';
import type { AuditFinding } from './audit.ts';
import type { Tasks } from './tasks.ts';

const PAGE_ROWS = 100;
const FINDINGS_MAX_DEFAULT = 1_000;

export interface AuditProgress {
  readonly conversations: number;
  readonly users: number;
  readonly findings: number;
}

export interface AuditOptions {
  readonly onProgress?: (progress: AuditProgress) => void;
  /** Ends the audit between two pages: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The audit stops after so many findings; 1,000 by default. */
  readonly findingsMax?: number;
}

export interface AuditReport extends Omit<AuditProgress, 'findings'> {
  readonly findings: readonly AuditFinding[];
}

/** Goes through all conversations, then all users, page by page. Each page is one state of the store, which goes on meanwhile. */
export async function auditStore(maintenance: ThreadLine<Tasks>, options: AuditOptions): Promise<AuditReport> {
  const checked = { conversations: 0, users: 0 };
  const findings: AuditFinding[] = [];
  const findingsMax = options.findingsMax ?? FINDINGS_MAX_DEFAULT;
  for (const [task, counted] of [
    ['auditConversations', 'conversations'],
    ['auditUsers', 'users'],
  ] as const) {
    for (let after: bigint | null = 0n; after !== null && findings.length < findingsMax; ) {
      options.signal?.throwIfAborted();
      const page: Awaited<ReturnType<Tasks[typeof task]>> = await maintenance.call(task, { after, limit: PAGE_ROWS });
      checked[counted] += page.checked;
      findings.push(...page.findings);
      after = page.next;
      options.onProgress?.({ ...checked, findings: findings.length });
    }
  }
  return { ...checked, findings: findings.slice(0, findingsMax) };
}
