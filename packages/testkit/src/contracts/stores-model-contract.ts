import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { compareWorlds } from './model/compare-worlds.ts';
import { NaiveWorld } from './model/naive-world.ts';
import { steps } from './model/steps.ts';
import { type OpenStores, storeTest } from './store-test.ts';

const RUNS = 50;
const TIMEOUT_MS = 60_000;

/** Outcomes that the random steps meet dozens of times in a run: without them the comparison would prove little. */
const WORTHWHILE = [
  'new_message appended',
  'new_message duplicate',
  'message_edited appended',
  'message_edited target_deleted',
  'message_deleted appended',
  'reaction appended',
  'reaction target_deleted',
];

/**
 * Random sequences of verbs on the stores of an engine give the same outcomes and the same state as a naive model. A failure prints
 * its seed, its path and the shortest sequence that still fails: keep that as a case of its own.
 */
export function storesModelContract(engine: string, open: OpenStores): void {
  describe(`${engine}: all stores together`, () => {
    const test = storeTest(open);
    test('[S1][S3][S9][S13] any sequence of verbs gives what a naive model gives', { timeout: TIMEOUT_MS }, async ({
      build,
    }) => {
      const seen = new Set<string>();
      const property = fc.asyncProperty(steps, async (sequence) => {
        const world = await NaiveWorld.create(build);
        for (const step of sequence) await world.take(step);
        await compareWorlds(build.stores, world);
        for (const outcome of world.seen) seen.add(outcome);
      });
      await fc.assert(property, { numRuns: RUNS });
      expect([...seen]).toEqual(expect.arrayContaining(WORTHWHILE));
    });
  });
}
