import type { RateLimiter } from '@parley/core';
import { describe, expect, test } from 'vitest';

export interface OpenedRateLimiter {
  readonly rateLimiter: RateLimiter;
  close(): Promise<void>;
}

const NOW = 1_760_000_000_000;
const LIMIT = { count: 3, windowMs: 60_000 };

/** What `RateLimiter` promises, shown on an engine. */
export function rateLimiterContract(engine: string, open: () => Promise<OpenedRateLimiter>): void {
  const limiterTest = test.extend(
    'limiter',
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
    async ({}, { onCleanup }) => {
      const opened = await open();
      onCleanup(() => opened.close());
      return opened.rateLimiter;
    },
  );

  describe(`${engine}: RateLimiter`, () => {
    limiterTest(
      '[SEND-12] so many uses are allowed, the next is refused and told when to come back',
      async ({ limiter }) => {
        for (const remaining of [2, 1, 0]) {
          expect(await limiter.take('key', LIMIT, NOW)).toMatchObject({ allowed: true, remaining });
        }
        const refused = await limiter.take('key', LIMIT, NOW + 1);
        expect(refused).toMatchObject({ allowed: false, remaining: 0 });
        expect(refused.resetMs).toBeGreaterThan(0);
        expect(refused.resetMs).toBeLessThanOrEqual(LIMIT.windowMs);
      },
    );

    limiterTest('[ERR-4] who waits as long as told is allowed again', async ({ limiter }) => {
      for (let use = 0; use < LIMIT.count; use += 1) await limiter.take('key', LIMIT, NOW);
      const { allowed, resetMs } = await limiter.take('key', LIMIT, NOW + 10);
      expect(allowed).toBe(false);
      expect((await limiter.take('key', LIMIT, NOW + 10 + resetMs)).allowed).toBe(true);
    });

    limiterTest('[SEND-12] a refused use does not lengthen the wait', async ({ limiter }) => {
      for (let use = 0; use < LIMIT.count; use += 1) await limiter.take('key', LIMIT, NOW);
      const first = await limiter.take('key', LIMIT, NOW + 1);
      for (let use = 0; use < 20; use += 1) await limiter.take('key', LIMIT, NOW + 1);
      expect(await limiter.take('key', LIMIT, NOW + 1)).toEqual(first);
      expect((await limiter.take('key', LIMIT, NOW + 1 + first.resetMs)).allowed).toBe(true);
    });

    limiterTest('[SEND-13] a look counts nothing and says what a use would be told', async ({ limiter }) => {
      for (let looked = 0; looked < 5; looked += 1)
        expect(await limiter.peek('key', LIMIT, NOW)).toMatchObject({ allowed: true, remaining: LIMIT.count });
      for (let use = 0; use < LIMIT.count; use += 1) await limiter.take('key', LIMIT, NOW);
      expect(await limiter.peek('key', LIMIT, NOW + 1)).toEqual(await limiter.take('key', LIMIT, NOW + 1));
    });

    limiterTest('[SEND-12] keys are counted apart from each other', async ({ limiter }) => {
      for (let use = 0; use < LIMIT.count; use += 1) await limiter.take('busy', LIMIT, NOW);
      expect((await limiter.take('busy', LIMIT, NOW)).allowed).toBe(false);
      expect((await limiter.take('quiet', LIMIT, NOW)).allowed).toBe(true);
    });
  });
}
