import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

interface HeldTask {
  readonly task: () => Promise<string>;
  readonly finish: () => void;
  started: boolean;
}

const heldTask = (result: string): HeldTask => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held: HeldTask = {
    started: false,
    finish: resolve,
    task: async () => {
      held.started = true;
      await promise;
      return result;
    },
  };
  return held;
};

test('runs two, lets one wait and turns the fourth away', async () => {
  const turnstile = new Turnstile({ concurrencyMax: 2, waitingMax: 1 });
  const held = [heldTask('a'), heldTask('b'), heldTask('c'), heldTask('d')];
  const outcomes = held.map(({ task }) => turnstile.pass(task));

  expect(held.map(({ started }) => started)).toEqual([true, true, false, false]);
  expect(await outcomes[3]).toEqual({ kind: 'full' });

  held[0]?.finish();
  expect(await outcomes[0]).toEqual({ kind: 'passed', value: 'a' });
  expect(held[2]?.started).toBe(true);

  held[1]?.finish();
  held[2]?.finish();
  expect(await Promise.all(outcomes.slice(1, 3))).toEqual([
    { kind: 'passed', value: 'b' },
    { kind: 'passed', value: 'c' },
  ]);
});

test('a task that fails gives its place back', async () => {
  const turnstile = new Turnstile({ concurrencyMax: 1, waitingMax: 1 });
  const failing = turnstile.pass(() => Promise.reject(new Error('broken')));
  const waiting = turnstile.pass(() => Promise.resolve('after'));
  await expect(failing).rejects.toThrow('broken');
  expect(await waiting).toEqual({ kind: 'passed', value: 'after' });
  expect(await turnstile.pass(() => Promise.resolve('again'))).toEqual({ kind: 'passed', value: 'again' });
});
