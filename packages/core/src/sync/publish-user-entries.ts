import type { Core } from '../core.ts';

/** Brings entries of the user logs to the devices of their users, on whichever node. Called once at the start of a node. */
export function publishUserEntries(core: Pick<Core, 'userLog' | 'broker'>): void {
  core.userLog.onAppended((entries) => {
    for (const entry of entries) core.broker.publish(`user:${entry.userId}`, { type: 'user_entry', entry });
  });
}
