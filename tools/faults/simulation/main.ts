import { parseArgs } from 'node:util';
import { explain } from '../checker/judge.ts';
import { runSeed } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    /** Prints every line of the history of one seed. */
    history: { type: 'boolean', default: false },
  },
});
const WORKERS = 2;
const HOUR_MS = 3_600_000;

async function runOne(seed: number): Promise<boolean> {
  const { history, hash, violations, topology } = await runSeed(seed);
  if (values.history) for (const line of history) console.log(JSON.stringify(line));
  const { nodes, users, devices } = topology;
  console.log(
    `seed ${seed}: ${nodes} nodes, ${users} users with ${devices} devices each, ${history.length} lines, hash ${hash}`,
  );
  for (const violation of violations) console.log(explain(history, violation));
  return violations.length === 0;
}

async function runMany(from: number, seeds: number): Promise<boolean> {
  const began = performance.now();
  let lines = 0;
  let done = 0;
  const { reports, ended } = await runSeeds(
    { from, seeds, workers: WORKERS, stopAtFirst: false, deadlineMs: HOUR_MS },
    (report) => {
      done += 1;
      lines += report.lines;
      if (process.stderr.isTTY && done % 10 === 0) process.stderr.write(`  ${done} of ${seeds} seeds\r`);
      if (report.broken === null) return;
      console.log(`seed ${report.seed} fails; replay it with: npm run simulate -- --seed ${report.seed}`);
      console.log(report.broken.explanation);
    },
  );
  const failed = reports.filter(({ broken }) => broken !== null).length;
  const seconds = (performance.now() - began) / 1_000;
  console.log(
    `${reports.length} seeds, ${lines} lines of history, ${failed} failed, ${seconds.toFixed(1)} s with ${WORKERS} workers`,
  );
  return failed === 0 && ended === undefined && reports.length === seeds;
}

const isGood =
  values.seed === undefined
    ? await runMany(Number(values.from), Number(values.seeds))
    : await runOne(Number(values.seed));
process.exitCode = isGood ? 0 : 1;
