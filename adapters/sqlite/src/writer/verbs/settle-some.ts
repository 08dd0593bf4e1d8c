import { settleSome as settleLogs } from '../settle.ts';
import type { Write } from '../write.ts';

/** Goes on with the running pass, by so many conversations. */
export function settleSome(write: Write, logsMax: number): void {
  settleLogs(write, logsMax);
}
