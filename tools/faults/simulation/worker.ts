import { explain } from '../checker/judge.ts';
import { runSeed } from './run-seed.ts';
import type { SeedReport } from './run-seeds.ts';

/** `worker.ts <from> <until> <step>`: runs its share of the seeds and tells the parent of each. */
const [from = 0, until = 0, step = 1] = process.argv.slice(2).map(Number);

// Without a parent nobody wants the rest.
process.once('disconnect', () => process.exit());

const tell = (report: SeedReport): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(report, () => resolve());
  });

for (let seed = from; seed < until; seed += step) {
  const { hash, history, violations } = await runSeed(seed);
  const [first] = violations;
  await tell({
    seed,
    hash,
    lines: history.length,
    broken: first === undefined ? null : { ...first, explanation: explain(history, first) },
  });
}
process.disconnect();
