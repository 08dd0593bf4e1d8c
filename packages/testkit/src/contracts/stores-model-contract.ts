import fc from 'fast-check';
import { describe } from 'vitest';
import { compareWorlds } from './model/compare-worlds.ts';
import { NaiveWorld } from './model/naive-world.ts';
import { steps } from './model/steps.ts';
import { type OpenStores, storeTest } from './store-test.ts';

/**
 * Random sequences of verbs on the stores of an engine give the same outcomes and the same state as a naive model. A failure prints
 * its seed, its path and the shortest sequence that still fails: keep that as a case of its own.
 */
export function storesModelContract(engine: string, open: OpenStores, options: { readonly runs?: number } = {}): void {
  describe(`${engine}: all stores together`, () => {
    storeTest(open)('[S1][S3][S9][S13] any sequence of verbs gives what a naive model gives', async ({ build }) => {
      const property = fc.asyncProperty(steps, async (sequence) => {
        const world = await NaiveWorld.create(build);
        for (const step of sequence) await world.take(step);
        await compareWorlds(build.stores, world);
      });
      await fc.assert(property, { numRuns: options.runs ?? 50 });
    });
  });
}
