import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** Where a figure was measured: without it a figure says nothing. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly openFilesMax: number;
  readonly commit: string;
}

const outputOf = (command: string, ...args: readonly string[]): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
};

/** Open files that one process may have; each connection is one. */
export function openFilesMax(): number {
  const limit = outputOf('sh', '-c', 'ulimit -n');
  return limit === 'unlimited' ? 1_000_000 : Number(limit) || 1_024;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
  openFilesMax: openFilesMax(),
  commit: outputOf('git', 'rev-parse', '--short', 'HEAD'),
});
