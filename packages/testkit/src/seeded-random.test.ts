import { UUID_PATTERN } from '@parley/protocol';
import { expect, test } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

test('the same seed gives the same run, another seed another one', () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    return [random.fraction(), random.below(100), random.uuid(), ...random.bytes(8)];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('fractions lie in [0, 1) and fill it; UUIDs are well formed and do not repeat', () => {
  const random = new SeededRandom(1);
  const fractions = Array.from({ length: 10_000 }, () => random.fraction());
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...fractions)).toBeLessThan(1);
  expect(new Set(fractions.map((fraction) => Math.floor(fraction * 100))).size).toBe(100);
  const uuids = Array.from({ length: 1_000 }, () => random.uuid());
  expect(new Set(uuids).size).toBe(1_000);
  for (const uuid of uuids) expect(uuid).toMatch(UUID_PATTERN);
});
