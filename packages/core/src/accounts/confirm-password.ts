import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { type Outcome, refused } from '../outcome.ts';
import type { Account } from '../ports/account-store.ts';
import { takeLoginAttempt } from './login-attempts.ts';
import { ownAccount } from './own-account.ts';

/** The own account, once the password was given again. Attempts are counted: a stolen session must not find the password out. */
export async function confirmPassword(
  core: Pick<Core, 'accountStore' | 'passwordHasher' | 'rateLimiter' | 'clock' | 'digest' | 'settings'>,
  actor: Actor,
  password: string,
): Promise<Outcome<Account>> {
  const tooMany = await takeLoginAttempt(core, actor.userId, actor.deviceId);
  if (tooMany !== undefined) return tooMany;
  const account = await ownAccount(core, actor.userId);
  if (account.kind === 'refused') return account;
  if (await core.passwordHasher.verify(account.value.passwordHash, password)) return account;
  return refused('WRONG_CREDENTIALS', 'The password is wrong. Nothing was changed.');
}
