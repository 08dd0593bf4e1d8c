import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { takeLoginAttempt } from './login-attempts.ts';
import { codeDigest, codeName } from './login-code.ts';
import { makeLoginCode } from './secret-token.ts';

type Used = Pick<
  Core,
  'accountStore' | 'oneTimeSecrets' | 'codeSender' | 'rateLimiter' | 'clock' | 'random' | 'digest' | 'settings' | 'log'
>;

const HOUR_MS = 3_600_000;

/** AUTH-6: sends a login code to a phone. The answer and the work before it are the same whether or not there is an account. */
export async function requestCode(
  core: Used,
  { phone }: RequestOf<'requestCode'>['body'],
  address: string,
): Promise<Outcome<undefined>> {
  const tooMany = (await takeLoginAttempt(core, phone, address)) ?? (await takeCode(core, phone));
  if (tooMany !== undefined) return tooMany;
  const account = await core.accountStore.findByIdentifier(phone);
  const code = makeLoginCode(core.random);
  const expiresAt = core.clock.now() + core.settings.codeTtlMs;
  // Without an account the secret is kept too, for nobody: its value is no user id.
  const value = account?.phone === phone ? account.userId : '';
  await core.oneTimeSecrets.put(codeName(core, phone), codeDigest(core, phone, code), value, expiresAt);
  // Not awaited: how long sending takes would tell that there is an account. Who gets no code asks again.
  if (value !== '') void core.codeSender.send(phone, code).catch((error) => core.log.error('code.not_sent', { error }));
  return done(undefined);
}

async function takeCode(core: Used, phone: string) {
  const limit = { count: core.settings.codesPerHour, windowMs: HOUR_MS };
  const verdict = await core.rateLimiter.take(codeName(core, phone), limit, core.clock.now());
  if (verdict.allowed) return undefined;
  return refused('RATE_LIMITED', 'Too many codes were asked for. No code was sent; use the last one or wait.', {
    retryAfterMs: Math.max(1, verdict.resetMs),
  });
}
