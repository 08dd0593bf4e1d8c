/** What a run of hostile inputs has shown. */
export interface Tally {
  inputs: number;
  slowestMs: number;
  /** At most PROBLEMS_MAX sentences, each with the input that it is about. */
  readonly problems: string[];
}

const PROBLEMS_MAX = 20;
/** Far above anything that a healthy server needs, also on a busy machine: beyond, it hangs. */
export const HANG_MS = 5_000;

export const newTally = (): Tally => ({ inputs: 0, slowestMs: 0, problems: [] });

/** Counts one input that took so long; `problem` where it did harm. */
export function note(tally: Tally, startedAt: number, problem: string | undefined): void {
  const tookMs = performance.now() - startedAt;
  tally.inputs += 1;
  tally.slowestMs = Math.max(tally.slowestMs, tookMs);
  const found = problem ?? (tookMs > HANG_MS ? `took ${Math.round(tookMs)} ms` : undefined);
  if (found !== undefined && tally.problems.length < PROBLEMS_MAX) tally.problems.push(found);
}
