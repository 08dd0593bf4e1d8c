import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A seed takes about a tenth of a second. One that has not ended after so long goes in circles without its clock moving on: nothing comes to rest (I12).
 */
const SEED_WITHIN_MS = 60_000;

/** One seed's outcome as a worker tells it. `broken`: the invariant that fails first. */
export interface SeedReport {
  readonly seed: number;
  readonly hash: string;
  readonly lines: number;
  readonly broken: { readonly invariant: string; readonly what: string; readonly explanation: string } | null;
}

export interface SeedsRequest {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** Ends all workers at the first seed that fails. */
  readonly stopAtFirst: boolean;
  /** The worker's program: this tree's own, or that of a copy with a planted fault. */
  readonly program?: string;
  /** A run that takes longer is ended: a planted fault may hang. */
  readonly deadlineMs: number;
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** The reports in the order of their coming. */
interface SeedsOutcome {
  readonly reports: SeedReport[];
  /** The deadline passed before all were done. */
  readonly hung: boolean;
  /** A worker ended without having been told to (out of memory, a signal), which says nothing of the code: in which seed, and how. */
  readonly ended: string | undefined;
}

/** Runs seeds in worker processes, each every n-th. */
export async function runSeeds(request: SeedsRequest, onReport: (report: SeedReport) => void): Promise<SeedsOutcome> {
  const { from, seeds, workers, stopAtFirst, program = WORKER, deadlineMs } = request;
  const reports: SeedReport[] = [];
  const children: ChildProcess[] = [];
  let hung = false;
  let ended: string | undefined;
  let isStopping = false;
  const stopAll = (): void => {
    isStopping = true;
    for (const child of children) child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    hung = true;
    stopAll();
  }, deadlineMs);
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const args = [from + index, from + seeds, workers].map(String);
      const child = fork(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      children.push(child);
      let next = from + index;
      let isStuck = false;
      const stuck = (): void => {
        const what = `seed ${next} did not end within ${SEED_WITHIN_MS / 1_000} s of real time`;
        const report = { seed: next, hash: '', lines: 0, broken: { invariant: 'I12', what, explanation: what } };
        reports.push(report);
        onReport(report);
        isStuck = true;
        child.kill('SIGKILL');
        if (stopAtFirst) stopAll();
      };
      let bound = setTimeout(stuck, SEED_WITHIN_MS);
      child.on('message', (report: SeedReport) => {
        clearTimeout(bound);
        next = report.seed + workers;
        if (next < from + seeds) bound = setTimeout(stuck, SEED_WITHIN_MS);
        reports.push(report);
        onReport(report);
        if (stopAtFirst && report.broken !== null) stopAll();
      });
      return new Promise<void>((resolve) => {
        child.once('exit', (code, signal) => {
          clearTimeout(bound);
          if (code !== 0 && !isStopping && !isStuck) {
            ended = `A worker of the simulation ended with ${signal ?? `code ${code}`} in seed ${next}.`;
            console.error(ended);
          }
          resolve();
        });
      });
    }),
  );
  clearTimeout(timer);
  return { reports, hung, ended };
}
