import { type Core, done, type Outcome, refused } from '@parley/core';
import type { FastifyReply } from 'fastify';

const WINDOW_MS = 60_000;

/** ERR-4: counts one request of a user or an address and writes the RateLimit header fields (draft-ietf-httpapi-ratelimit-headers). */
export async function takeRequest(
  core: Pick<Core, 'rateLimiter' | 'clock' | 'settings'>,
  key: `user:${string}` | `address:${string}`,
  reply: FastifyReply,
): Promise<Outcome<undefined>> {
  const count = core.settings.requestsPerMinute;
  if (count === 0) return done(undefined);
  const verdict = await core.rateLimiter.take(`http:${key}`, { count, windowMs: WINDOW_MS }, core.clock.now());
  const resetSeconds = Math.max(0, Math.ceil(verdict.resetMs / 1_000));
  reply.header('ratelimit-policy', `"requests";q=${count};w=${WINDOW_MS / 1_000}`);
  reply.header('ratelimit', `"requests";r=${Math.max(0, verdict.remaining)};t=${resetSeconds}`);
  if (verdict.allowed) return done(undefined);
  return refused('RATE_LIMITED', 'Too many requests; this one was not done. Wait as long as Retry-After says.', {
    retryAfterMs: Math.max(1, verdict.resetMs),
  });
}
