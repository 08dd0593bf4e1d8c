import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram, topOf } from './histogram.ts';

test('a quantile is never below the true one and at most 1 % above it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 31), { minLength: 1, maxLength: 200 }), fc.nat(1_000), (values, permille) => {
      const histogram = new Histogram();
      for (const value of values) histogram.add(value);
      const sorted = [...values].sort((one, other) => one - other);
      const exact = sorted[Math.max(1, Math.ceil((values.length * permille) / 1_000)) - 1] ?? Number.NaN;
      const found = histogram.quantile(permille / 1_000);
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found).toBeLessThanOrEqual(exact * 1.01);
    }),
  );
});

test('histograms of several processes add up to that of all values', () => {
  const parts = [new Histogram(), new Histogram()];
  const whole = new Histogram();
  for (let value = 1; value < 1_000_000; value = Math.ceil(value * 1.3)) {
    parts[value % 2]?.add(value);
    whole.add(value);
  }
  const added = Histogram.of(...parts.map((part) => part.filled()));
  expect(added.filled()).toEqual(whole.filled());
  expect(added.total).toBe(whole.total);
});

test('buckets ascend without overlap, up to 71 minutes', () => {
  for (let bucket = 1; bucket < 3_328; bucket += 1) expect(topOf(bucket)).toBeGreaterThan(topOf(bucket - 1));
  expect(topOf(3_327)).toBe(2 ** 32 - 1);
});
