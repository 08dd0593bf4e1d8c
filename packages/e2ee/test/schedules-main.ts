import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { playSchedule, scheduleArbitrary, zeroCounts } from './device-schedules.ts';

/**
 * `npm run e2ee-schedules -- [--schedules 10000] [--seed 1]`: whole devices in random schedules with loss, reordering by up to 2,000
 * messages, repetition, spoilt items, lost sessions, groups, and deaths at any commit. A failure prints the seed and the smallest
 * schedule that fails.
 */
const { values } = parseArgs({ options: { schedules: { type: 'string' }, seed: { type: 'string' } } });
const schedules = Number(values.schedules ?? 10_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);

const counts = zeroCounts();
const startMs = performance.now();
let played = 0;
console.log(`${schedules} schedules, seed ${seed}`);
await fc.assert(
  fc.asyncProperty(scheduleArbitrary(true), async (schedule) => {
    await playSchedule(schedule, counts);
    played += 1;
    if (played % 500 === 0) console.log(`${played} played, ${Math.round((performance.now() - startMs) / 1_000)} s`);
  }),
  { numRuns: schedules, seed },
);
console.log('passed:', counts);
