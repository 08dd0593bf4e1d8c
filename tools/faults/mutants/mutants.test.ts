import { expect, it } from 'vitest';
import { mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { MutantTree, mutated, readSource } from './run-mutant.ts';

it('at least 40 planted faults each apply to the source of today, exactly once', async () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  for (const one of MUTANTS) expect(mutated(one, await readSource(one))).not.toBe(await readSource(one));
});

/** Beside one of each kind, faults that the simulation found in the real code, put back: a seed means another run after each change of the workload, so it is the fault that is kept. */
const SMOKE = [
  'a place is given twice',
  'a removed member goes on receiving',
  'what cannot be asked for yet is never asked for',
  'a conversation that a sync found ahead of its event is left as it is',
];

it('planted faults, also those that were once there, are caught within a few seeds', { timeout: 120_000 }, async () => {
  const tree = await MutantTree.open();
  try {
    for (const name of SMOKE) {
      const planted = MUTANTS.find((one) => one.name === name);
      if (planted === undefined) throw new Error(`There is no planted fault "${name}".`);
      const { caughtBy } = await tree.run(planted, 40);
      expect(caughtBy, name).toMatch(/^I\d+$/);
    }
  } finally {
    await tree.close();
  }
});

it('a worker that a signal ends has caught nothing, an error that is thrown has', { timeout: 120_000 }, async () => {
  const tree = await MutantTree.open();
  const planted = (put: string) =>
    mutant('planted', '', 'tools/faults/simulation/run-seed.ts', 'const topology = topologyOf(seed);', put);
  try {
    const killed = await tree.run(planted("process.kill(process.pid, 'SIGKILL');"), 2);
    expect(killed).toMatchObject({ caughtBy: undefined, failure: expect.stringContaining('SIGKILL in seed 1') });
    const thrown = await tree.run(planted("throw new TypeError('planted');"), 2);
    expect(thrown).toMatchObject({ caughtBy: 'thrown', failure: undefined, what: 'TypeError: planted' });
  } finally {
    await tree.close();
  }
});
