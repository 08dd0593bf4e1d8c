import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

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

/** Runs seeds in worker processes, each every n-th. Resolves with the reports in the order of their coming; `hung`: the deadline passed before all were done. */
export async function runSeeds(
  request: SeedsRequest,
  onReport: (report: SeedReport) => void,
): Promise<{ readonly reports: SeedReport[]; readonly hung: boolean; readonly crashed: boolean }> {
  const { from, seeds, workers, stopAtFirst, program = WORKER, deadlineMs } = request;
  const reports: SeedReport[] = [];
  const children: ChildProcess[] = [];
  let hung = false;
  let crashed = false;
  const stopAll = (): void => {
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
      child.on('message', (report: SeedReport) => {
        reports.push(report);
        onReport(report);
        if (stopAtFirst && report.broken !== null) stopAll();
      });
      return new Promise<void>((resolve) => {
        child.once('exit', (code) => {
          crashed ||= code !== null && code !== 0;
          resolve();
        });
      });
    }),
  );
  clearTimeout(timer);
  return { reports, hung, crashed };
}
