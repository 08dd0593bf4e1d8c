import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';

test('timers run in order of time, each at its own moment, and only when time has come', async () => {
  const clock = new FakeClock(1_000);
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`);
  clock.after(30, note('late'));
  clock.after(10, note('early'));
  clock.after(10, note('early too'));
  clock.after(31, note('too late'));
  await clock.advance(30);
  expect(ran).toEqual(['early at 1010', 'early too at 1010', 'late at 1030']);
  expect(clock.now()).toBe(1_030);
  expect(clock.pendingTimers).toBe(1);
});

test('a cancelled timer never runs; cancelling twice is harmless', async () => {
  const clock = new FakeClock();
  let ran = false;
  const cancel = clock.after(10, () => {
    ran = true;
  });
  cancel();
  cancel();
  await clock.advance(100);
  expect(ran).toBe(false);
  expect(clock.pendingTimers).toBe(0);
});

test('what a timer sets in motion comes to rest before the next one runs', async () => {
  const clock = new FakeClock(0);
  const ran: number[] = [];
  const again = (): void => {
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => {
        ran.push(clock.now());
        clock.after(10, again);
      });
  };
  clock.after(10, again);
  await clock.advance(45);
  expect(ran).toEqual([10, 20, 30, 40]);
  expect(clock.now()).toBe(45);
});
