import type { Core } from '../core.ts';
import { type Refused, refused } from '../outcome.ts';

/** AUTH-5: counts an attempt to prove who one is. Answers the refusal when there were too many; limits of 0 do not count. */
export async function takeLoginAttempt(
  core: Pick<Core, 'rateLimiter' | 'clock' | 'digest' | 'settings'>,
  identifier: string,
  address: string,
): Promise<Refused | undefined> {
  const { settings } = core;
  // Identifiers are stretches of text from strangers: as digests they have one length in the limiter's memory.
  const account = core.digest.sha256Hex(identifier.toLowerCase());
  const limits = [
    [`login:${account}:${address}`, settings.loginAttemptsPerAccountAndAddress],
    [`login-address:${address}`, settings.loginAttemptsPerAddress],
    [`login-account:${account}`, settings.loginAttemptsPerAccount],
  ] as const;
  for (const [key, count] of limits) {
    if (count === 0) continue;
    const limit = { count, windowMs: settings.loginWindowMs };
    const verdict = await core.rateLimiter.take(key, limit, core.clock.now());
    if (!verdict.allowed)
      return refused('RATE_LIMITED', 'Too many attempts to log in. This one was not checked; try again later.', {
        retryAfterMs: Math.max(1, verdict.resetMs),
      });
  }
  return undefined;
}
