import { settleSome } from '../settle.ts';
import type { Write } from '../write.ts';

/** Two milliseconds, more or less: nobody who writes waits longer for what nobody has asked for. */
const LOGS_MAX = 256;

/** Goes on with the running pass, or begins one, by a few conversations. Returns whether the pass is over. */
export function settlePart(write: Write): boolean {
  const { unsettled } = write.known;
  if (unsettled.entryCount === 0) return true;
  if (!unsettled.isPassing) unsettled.beginPass();
  settleSome(write, LOGS_MAX);
  return !unsettled.isPassing;
}
