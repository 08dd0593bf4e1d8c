import { FakeClock, SeededRandom } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { DeadlineWheel, type Watched } from './deadline-wheel.ts';

class Probe implements Watched {
  wheelSlot = -1;
  readonly visits: number[] = [];
  readonly answers: (number | null)[];
  constructor(...answers: (number | null)[]) {
    this.answers = answers;
  }
  checkDeadlines(now: number): number | null {
    this.visits.push(now);
    return this.answers.shift() ?? null;
  }
}

describe('DeadlineWheel', () => {
  it('looks at each item once, not before its deadline and at most a second after it', async () => {
    const clock = new FakeClock();
    const wheel = new DeadlineWheel(clock);
    const random = new SeededRandom(7);
    const probes = Array.from({ length: 200 }, () => ({ probe: new Probe(), due: clock.now() + random.below(60_000) }));
    for (const { probe, due } of probes) wheel.add(probe, due);
    await clock.advance(62_000);
    for (const { probe, due } of probes) {
      expect(probe.visits).toHaveLength(1);
      expect((probe.visits[0] ?? 0) - due).toBeGreaterThanOrEqual(0);
      expect((probe.visits[0] ?? 0) - due).toBeLessThanOrEqual(1_000 + 1_000);
    }
  });

  it('looks again when the item names a later time, however far', async () => {
    const clock = new FakeClock();
    const wheel = new DeadlineWheel(clock);
    const start = clock.now();
    const probe = new Probe(start + 20_000, start + 600_000, start + 600_000);
    wheel.add(probe, start + 5_000);
    await clock.advance(21_000);
    expect(probe.visits).toEqual([start + 5_000, start + 20_000]);
    await clock.advance(300_000);
    expect(probe.visits.length).toBeLessThan(8);
  });

  it('goes on when the clock was set back, or ahead', async () => {
    const clock = new FakeClock();
    const wheel = new DeadlineWheel(clock);
    for (const byMs of [-3_600_000, 7_200_000, -1_500]) {
      await clock.advance(10_000);
      clock.set(byMs);
      await clock.advance(1_000);
      const due = clock.now() + 5_000;
      const probe = new Probe();
      wheel.add(probe, due);
      await clock.advance(7_000);
      expect(probe.visits).toHaveLength(1);
      expect((probe.visits[0] ?? 0) - due).toBeGreaterThanOrEqual(0);
      expect((probe.visits[0] ?? 0) - due).toBeLessThanOrEqual(1_000);
    }
  });

  it('forgets a removed item and keeps one timer however many items there are', async () => {
    const clock = new FakeClock();
    const wheel = new DeadlineWheel(clock);
    const kept = new Probe();
    const removed = new Probe();
    wheel.add(kept, clock.now() + 2_000);
    wheel.add(removed, clock.now() + 2_000);
    wheel.remove(removed);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5_000);
    expect([kept.visits.length, removed.visits.length]).toEqual([1, 0]);
    wheel.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
