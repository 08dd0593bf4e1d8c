import { publishEntries } from '../conversations/publish-entries.ts';
import type { Core } from '../core.ts';

/** Rows that one step goes through: some milliseconds of the store's time, so that nobody who writes meanwhile waits for long. */
const ROWS_PER_STEP = 500;
const RETRY_MS = 5_000;

/**
 * ACCT-1: ends the memberships of deleted accounts and turns their messages into tombstones, step by step, until nothing is left. Called after each deletion and once at the start of a node,
 * which goes on where a killed one stopped. Never rejects: while the store fails it is tried again later.
 */
export async function finishErasing(core: Pick<Core, 'accountStore' | 'broker' | 'clock' | 'log'>): Promise<void> {
  try {
    for (;;) {
      const step = await core.accountStore.eraseNext(core.clock.now(), ROWS_PER_STEP);
      if (step.kind === 'done') return;
      if (step.entry !== null) publishEntries(core, [step.entry]);
    }
  } catch (error) {
    core.log.warn('account_not_erased_yet', { error, retryInMs: RETRY_MS });
    core.clock.after(RETRY_MS, () => void finishErasing(core));
  }
}
