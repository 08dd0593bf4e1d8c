import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** What a process has used so far. CPU counts all its threads, user and kernel; memory is what it holds itself, without the kernel's share of its sockets. */
export interface ProcessCost {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Handed to the disk, pages as a whole; Linux only, NaN elsewhere. */
  readonly writtenBytes: number;
}

const NOTHING: ProcessCost = { cpuSeconds: 0, residentBytes: 0, writtenBytes: 0 };

/** Several processes together. */
export const sumOfCosts = (costs: readonly ProcessCost[]): ProcessCost =>
  costs.reduce(
    (sum, cost) => ({
      cpuSeconds: sum.cpuSeconds + cost.cpuSeconds,
      residentBytes: sum.residentBytes + cost.residentBytes,
      writtenBytes: sum.writtenBytes + cost.writtenBytes,
    }),
    NOTHING,
  );

/** Linux counts CPU time in hundredths of a second for programs, whatever its own tick is. */
const TICKS_PER_SECOND = 100;

export function costOf(pid: number): ProcessCost {
  return process.platform === 'linux' ? costFromProc(pid) : costFromPs(pid);
}

/** A process and all that it has started and that still runs: a server that is several processes, such as PostgreSQL. Linux only; elsewhere the process alone. */
export function costOfTree(pid: number): ProcessCost {
  return sumOfCosts([costOf(pid), ...childrenOf(pid).flatMap((child) => costIfThere(child))]);
}

/** A child may end between being listed and being read. */
function costIfThere(pid: number): ProcessCost[] {
  try {
    return [costOfTree(pid)];
  } catch {
    return [];
  }
}

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

function costFromProc(pid: number): ProcessCost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the name in brackets, may hold spaces: count from the last bracket. Fields 14 and 15 are user and kernel time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024,
    writtenBytes: writtenBy(pid),
  };
}

/** The kernel tells it to whoever might trace the process: not of another user's. */
function writtenBy(pid: number): number {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? Number.NaN);
  } catch {
    return Number.NaN;
  }
}

function costFromPs(pid: number): ProcessCost {
  const line = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], { encoding: 'utf8' });
  const [time = '', rss = '0'] = line.trim().split(/\s+/);
  // [[days-]hours:]minutes:seconds
  const cpuSeconds = time.split(/[-:]/).reduceRight<[sum: number, unit: number]>(
    ([sum, unit], part, place, all) => {
      const next = [60, 60, 24][all.length - 1 - place] ?? 1;
      return [sum + Number(part) * unit, unit * next];
    },
    [0, 1],
  )[0];
  return { cpuSeconds, residentBytes: Number(rss) * 1_024, writtenBytes: Number.NaN };
}
