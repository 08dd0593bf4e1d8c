import { settleSome as settleLogs } from '../settle.ts';
import type { Write } from '../write.ts';

/** Goes on with the running pass, or begins one, by so many conversations. Returns whether the pass is over. As with `settleAll`, a commit of this verb alone is not synced. */
export function settleSome(write: Write, logsMax: number): boolean {
  const { unsettled } = write.known;
  if (unsettled.entryCount === 0) return true;
  if (!unsettled.isPassing) unsettled.beginPass();
  settleLogs(write, logsMax);
  return !unsettled.isPassing;
}
