import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { Heartbeat } from './heartbeat.ts';

const INTERVAL_MS = 30_000;
const ANSWER_MS = 100;

/** A heart in a page that nobody looks at: timers run on the full second, and once a minute when they are the fifth in a chain of timers that set each other. */
function hiddenPage({ answers }: { answers: boolean }) {
  const clock = new FakeClock();
  const pings: number[] = [];
  let silentAt: number | undefined;
  let depth = 0;
  const after = (delayMs: number, callback: () => void): (() => void) => {
    const ownDepth = depth + 1;
    const alignedTo = ownDepth >= 5 ? 60_000 : 1_000;
    const at = Math.ceil((clock.now() + delayMs) / alignedTo) * alignedTo;
    return clock.after(at - clock.now(), () => {
      depth = ownDepth;
      callback();
      depth = 0;
    });
  };
  const heartbeat = new Heartbeat({
    environment: { now: () => clock.now(), after, random: () => 0.4 },
    ping: () => {
      pings.push(clock.now());
      // An answer comes by the socket, not by a timer.
      if (answers) clock.after(ANSWER_MS, () => heartbeat.heard());
    },
    onSilence: () => {
      silentAt = clock.now();
    },
  });
  return { clock, heartbeat, pings, silentAt: () => silentAt };
}

describe('the heartbeat of a page that is not looked at', () => {
  it('[CONN-6] comes often enough for hours, though chained timers run once a minute there', async () => {
    const { clock, heartbeat, pings, silentAt } = hiddenPage({ answers: true });
    heartbeat.start(INTERVAL_MS);
    await clock.advance(3 * 3_600_000);
    expect(silentAt()).toBeUndefined();
    const gaps = pings.slice(1).map((at, index) => at - (pings[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(300);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(INTERVAL_MS + 2_000);
  });

  it('[CONN-6] notices two intervals after the last word that the line is dead', async () => {
    const { clock, heartbeat, pings, silentAt } = hiddenPage({ answers: false });
    heartbeat.start(INTERVAL_MS);
    const startedAt = clock.now();
    await clock.advance(3 * INTERVAL_MS);
    expect(pings).toHaveLength(1);
    expect(silentAt()).toBeLessThanOrEqual(startedAt + 2 * INTERVAL_MS + 1_000);
  });
});
