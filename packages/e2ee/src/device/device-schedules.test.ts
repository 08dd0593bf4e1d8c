import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playSchedule, scheduleArbitrary, zeroCounts } from '../../test/device-schedules.ts';

/** `npm run e2ee-schedules` plays 10,000, with bursts of up to 2,000 messages; PARLEY_E2EE_DEVICE_SCHEDULES asks for more here. */
const SCHEDULES = Number(process.env.PARLEY_E2EE_DEVICE_SCHEDULES ?? 150);

describe('random schedules of devices', () => {
  it(`[R5, R7] in ${SCHEDULES} schedules with crashes at any commit, loss, repetitions, spoilt items, lost sessions and groups every message arrives, and no (key, nonce) comes twice`, async () => {
    const counts = zeroCounts();
    await fc.assert(
      fc.asyncProperty(scheduleArbitrary(false), (schedule) => playSchedule(schedule, counts)),
      { numRuns: SCHEDULES },
    );
    // A schedule that never gets into trouble proves nothing.
    expect(counts.healed).toBeGreaterThan(SCHEDULES / 20);
    expect(counts.crashes).toBeGreaterThan(SCHEDULES);
    expect(counts.received).toBeGreaterThan(SCHEDULES * 5);
  }, 600_000);
});
