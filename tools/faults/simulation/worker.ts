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

async function reportOf(seed: number): Promise<SeedReport> {
  try {
    const { hash, history, violations } = await runSeed(seed);
    const [first] = violations;
    const broken = first === undefined ? null : { ...first, explanation: explain(history, first) };
    return { seed, hash, lines: history.length, broken };
  } catch (error) {
    // What is thrown through the whole run is a fault of the code, as an invariant that breaks is.
    const explanation = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, hash: '', lines: 0, broken: { invariant: 'thrown', what: String(error), explanation } };
  }
}

for (let seed = from; seed < until; seed += step) await tell(await reportOf(seed));
process.disconnect();
