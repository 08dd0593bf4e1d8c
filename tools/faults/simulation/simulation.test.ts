import { expect, it } from 'vitest';
import { explain } from '../checker/judge.ts';
import { runSeed } from './run-seed.ts';

async function expectGood(seed: number): Promise<void> {
  const { history, violations } = await runSeed(seed);
  const [first] = violations;
  expect(first === undefined ? 'nothing broken' : explain(history, first)).toBe('nothing broken');
}

it('twenty-five worlds with failing stores, lossy brokers and broken lines keep every promise', {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= 25; seed += 1) await expectGood(seed);
});

it('the same seed gives the same history, another seed another one', { timeout: 60_000 }, async () => {
  const [one, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)];
  expect(again.hash).toBe(one.hash);
  expect(other.hash).not.toBe(one.hash);
});
