import { settleSome as settleLogs } from '../settle.ts';
import type { Write } from '../write.ts';

/** Goes on with the running pass, by so many conversations. As with `settleAll`, a commit of this verb alone is not synced. */
export function settleSome(write: Write, logsMax: number): void {
  settleLogs(write, logsMax);
}
