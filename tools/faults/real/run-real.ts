import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain, type Invariant } from '../checker/judge.ts';
import { runCycle } from './run-cycle.ts';

export interface RealRequest {
  readonly seed: number;
  /** Cycles begin for so long; one at least. */
  readonly forMs: number;
  readonly only: readonly string[];
  /** In a cycle; 35 at least and no bound above by default. */
  readonly faultsLeast?: number;
  readonly faultsMax?: number;
  readonly ignoresFsync?: boolean;
  readonly rounds?: number;
  readonly restWithinMs?: number;
  /** How long a cycle may take; 10 minutes by default. */
  readonly cycleWithinMs?: number;
  onProgress(line: string): void;
}

export interface RealResult {
  readonly cycles: number;
  readonly seconds: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly acknowledged: number;
  /** Violations of I1, of I2 and I6, of I4 and I5, and of all others. */
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly others: number;
  readonly explanations: readonly string[];
  readonly lacks: readonly string[];
}

const FAULTS_LEAST = 35;

/** Cycles of about a minute, each on an empty server, until the time is up. A history that breaks something is kept in a file. */
export async function runReal(request: RealRequest): Promise<RealResult> {
  const began = performance.now();
  const faults = new Map<string, number>();
  const explanations: string[] = [];
  let [cycles, acknowledged, lost, duplicated, reordered, others] = [0, 0, 0, 0, 0, 0];
  let lacks: readonly string[] = [];
  do {
    const seed = request.seed + cycles;
    cycles += 1;
    let done = 0;
    const result = await runCycle({
      seed,
      only: request.only,
      faultsLeast: request.faultsLeast ?? FAULTS_LEAST,
      faultsMax: request.faultsMax ?? Number.POSITIVE_INFINITY,
      ignoresFsync: request.ignoresFsync ?? false,
      rounds: request.rounds ?? 2,
      restWithinMs: request.restWithinMs ?? 180_000,
      withinMs: request.cycleWithinMs ?? 600_000,
      onFault(name) {
        done += 1;
        faults.set(name, (faults.get(name) ?? 0) + 1);
        request.onProgress(`cycle ${cycles} (seed ${seed}), fault ${done}: ${name}`);
      },
      onStep: (what) => request.onProgress(`cycle ${cycles} (seed ${seed}), ${what}`),
    });
    lacks = result.lacks;
    acknowledged += new Set(result.history.flatMap((line) => (line.type === 'acked' ? [line.key] : []))).size;
    const count = (...invariants: readonly Invariant[]): number =>
      result.violations.filter(({ invariant }) => invariants.includes(invariant)).length;
    lost += count('I1');
    duplicated += count('I2', 'I6');
    reordered += count('I4', 'I5');
    others += count('I3', 'I7', 'I8', 'I9', 'I10', 'I12', 'I13', 'I14');
    if (result.violations.length > 0) {
      const file = join(mkdtempSync(join(tmpdir(), 'parley-history-')), `seed-${seed}.jsonl`);
      writeFileSync(file, result.history.map((line) => `${JSON.stringify(line)}\n`).join(''));
      explanations.push(`Seed ${seed}; its history is in ${file}.`);
      for (const violation of result.violations.slice(0, 5)) explanations.push(explain(result.history, violation));
    }
  } while (performance.now() - began < request.forMs);
  const seconds = (performance.now() - began) / 1_000;
  return { cycles, seconds, faults, acknowledged, lost, duplicated, reordered, others, explanations, lacks };
}
