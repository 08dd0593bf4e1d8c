import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { MutantTree, mutated, readSource } from './run-mutant.ts';

it('at least 40 planted faults each apply to the source of today, exactly once', async () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  for (const mutant of MUTANTS) expect(mutated(mutant, await readSource(mutant))).not.toBe(await readSource(mutant));
});

/** Beside one of each kind, faults that the simulation found in the real code, put back: a seed means another run after each change of the workload, so it is the fault that is kept. */
const SMOKE = [
  'a place is given twice',
  'a removed member goes on receiving',
  'what cannot be asked for yet is never asked for',
  'a channel that could not be followed is not tried again',
];

it('planted faults, also those that were once there, are caught within a few seeds', { timeout: 120_000 }, async () => {
  const tree = await MutantTree.open();
  try {
    for (const name of SMOKE) {
      const mutant = MUTANTS.find((one) => one.name === name);
      if (mutant === undefined) throw new Error(`There is no planted fault "${name}".`);
      const { caughtBy } = await tree.run(mutant, 40);
      expect(caughtBy, name).toMatch(/^I\d+$/);
    }
  } finally {
    await tree.close();
  }
});
