import type { LogEntry } from '@parley/protocol';
import type { Core } from '../core.ts';

/** Tells all nodes of durable entries. A hint: a node that does not hear it reads the log. */
export function publishEntries(
  core: Pick<Core, 'broker'>,
  entries: readonly LogEntry[],
  originConnectionId: string | null = null,
): void {
  for (const entry of entries)
    core.broker.publish(`conversation:${entry.conversation_id}`, { type: 'entry', entry, originConnectionId });
}
