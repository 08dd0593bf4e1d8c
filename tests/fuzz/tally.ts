/** What a run of hostile inputs has shown. */
export interface Tally {
  inputs: number;
  slowestMs: number;
  /** Inputs that took longer than SLOW_MS by the wall, to be asked again alone: on a busy machine most of them waited for others. At most SLOW_MAX. */
  readonly slow: Again[];
  /** At most PROBLEMS_MAX sentences, each with the input that it is about. */
  readonly problems: string[];
}

/** An input and how to give it again. */
export interface Again {
  readonly what: string;
  ask(): Promise<unknown>;
}

/** Nothing that anybody sends may keep the process busy for longer, in CPU time. */
export const SLOW_MS = 50;
const SLOW_MAX = 40;
const PROBLEMS_MAX = 20;
/** Far above anything that a healthy server needs, also on a busy machine: beyond, it hangs. */
export const HANG_MS = 5_000;

export const newTally = (): Tally => ({ inputs: 0, slowestMs: 0, slow: [], problems: [] });

/** Counts one input that took so long; `problem` where it did harm. */
export function note(tally: Tally, startedAt: number, problem: string | undefined, again?: Again): void {
  const tookMs = performance.now() - startedAt;
  tally.inputs += 1;
  tally.slowestMs = Math.max(tally.slowestMs, tookMs);
  if (again !== undefined && tookMs > SLOW_MS && tally.slow.length < SLOW_MAX) tally.slow.push(again);
  const found = problem ?? (tookMs > HANG_MS ? `took ${Math.round(tookMs)} ms` : undefined);
  if (found !== undefined && tally.problems.length < PROBLEMS_MAX) tally.problems.push(found);
}

/** CPU time of this thread. */
export const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

const TIMES = 4;

/** Asks the slow ones again, one at a time, and counts the CPU time of whoever answers: the wall clock would count what else this machine does. */
export async function confirmHangs(tally: Tally, cpuMs: () => number): Promise<void> {
  for (const { what, ask } of tally.slow.splice(0)) {
    const before = cpuMs();
    for (let time = 0; time < TIMES; time += 1) await ask();
    const tookMs = (cpuMs() - before) / TIMES;
    if (tookMs > SLOW_MS && tally.problems.length < PROBLEMS_MAX)
      tally.problems.push(`${what} takes ${tookMs.toFixed(0)} ms of CPU`);
  }
}
