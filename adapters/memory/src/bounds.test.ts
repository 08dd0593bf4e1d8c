import { makeGroupId, makeUserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { MemoryBroker } from './broker.ts';
import { MemoryOneTimeSecrets } from './one-time-secrets.ts';
import { MemoryRateLimiter } from './rate-limiter.ts';

const NOW = 1_760_000_000_000;

test('[AUTH-6] when there are too many secrets the oldest goes first', async () => {
  const secrets = new MemoryOneTimeSecrets({ secretsMax: 2 });
  for (const name of ['one', 'two', 'three']) await secrets.put(name, 'digest', name, NOW + 1);
  expect(await secrets.take('one', 'digest', NOW, 5)).toBeUndefined();
  expect(await secrets.take('two', 'digest', NOW, 5)).toBe('two');
  expect(await secrets.take('three', 'digest', NOW, 5)).toBe('three');
});

test('[SEND-12] when there are too many keys the one unused for longest is forgotten', () => {
  const limiter = new MemoryRateLimiter({ keysMax: 2 });
  const limit = { count: 1, windowMs: 60_000 };
  for (const key of ['one', 'two', 'one', 'three']) limiter.take(key, limit, NOW);
  expect(limiter.take('one', limit, NOW).allowed).toBe(false);
  expect(limiter.take('two', limit, NOW).allowed).toBe(true);
});

test('[AUTH-5] whoever makes up many keys of one kind does not make the counts of another be forgotten', () => {
  const limiter = new MemoryRateLimiter({ keysMax: 2 });
  const limit = { count: 1, windowMs: 60_000 };
  limiter.take('login-address:192.0.2.1', limit, NOW);
  for (let made = 0; made < 10; made += 1) limiter.take(`typing:start:${made}`, limit, NOW);
  expect(limiter.take('login-address:192.0.2.1', limit, NOW).allowed).toBe(false);
});

test('[S8] events of a topic arrive in the order of publishing, and errors of listeners are told', async () => {
  const errors: unknown[] = [];
  const broker = new MemoryBroker({ onError: (error) => errors.push(error) });
  const heard: number[] = [];
  const enough = Promise.withResolvers<void>();
  const userId = makeUserId(1n);
  const conversationId = makeGroupId(2n);
  await broker.subscribe(`conversation:${conversationId}`, (event) => {
    if (event.type === 'receipts') heard.push(event.readByAllUpTo);
    if (heard.length === 100) enough.resolve();
    throw new Error('A listener of this test throws on purpose.');
  });
  for (let upTo = 0; upTo < 100; upTo += 1) {
    const cursors = [{ userId, deliveredUpTo: upTo, readUpTo: upTo, isDelivery: true }];
    const event = { type: 'receipts', conversationId, cursors, deliveredByAllUpTo: upTo, readByAllUpTo: upTo } as const;
    broker.publish(`conversation:${conversationId}`, event);
  }
  await enough.promise;
  expect(heard).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(errors).toHaveLength(100);
});
