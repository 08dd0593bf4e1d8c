import type { Core } from '../core.ts';
import { type Refused, refused } from '../outcome.ts';

type Used = Pick<Core, 'rateLimiter' | 'clock' | 'settings'>;

/** AUTH-5: counts an attempt to prove who one is. Answers the refusal when there were too many; limits of 0 do not count. */
export async function takeLoginAttempt(
  core: Used & Pick<Core, 'digest'>,
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
    const refusal = await takeAttempt(core, key, count, 'Too many attempts to log in. This one was not checked');
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** AUTH-5: counts an attempt to make an account, whatever comes of it: each costs a hash of a password, and its refusal tells what is in use. */
export async function takeRegistration(core: Used, address: string): Promise<Refused | undefined> {
  const count = core.settings.registrationsPerAddress;
  return await takeAttempt(
    core,
    `register-address:${address}`,
    count,
    'Too many accounts are asked for. None was made',
  );
}

async function takeAttempt(core: Used, key: string, count: number, what: string): Promise<Refused | undefined> {
  if (count === 0) return undefined;
  const limit = { count, windowMs: core.settings.loginWindowMs };
  const { allowed, resetMs } = await core.rateLimiter.take(key, limit, core.clock.now());
  if (allowed) return undefined;
  return refused('RATE_LIMITED', `${what}; try again later.`, { retryAfterMs: Math.max(1, resetMs) });
}
