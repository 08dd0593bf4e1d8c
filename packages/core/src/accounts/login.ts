import type { SessionTokens } from '@parley/protocol';
import { parseUserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, type Refused, refused } from '../outcome.ts';
import type { Account } from '../ports/account-store.ts';
import type { RequestOf } from '../route-call.ts';
import { takeLoginAttempt } from './login-attempts.ts';
import { codeDigest, codeName } from './login-code.ts';
import { openSession } from './open-session.ts';
import { findAccount } from './own-account.ts';
import { passwordMatches } from './password-check.ts';
import { endDevice } from './revoke-device.ts';

type Used = Pick<
  Core,
  | 'accountStore'
  | 'deviceStore'
  | 'oneTimeSecrets'
  | 'passwordHasher'
  | 'rateLimiter'
  | 'tokenSigner'
  | 'broker'
  | 'clock'
  | 'random'
  | 'digest'
  | 'ids'
  | 'settings'
  | 'log'
>;
type Input = RequestOf<'login'>['body'];

/** Logs in on a new device, by password or by a code sent to the phone (AUTH-2, AUTH-5, AUTH-6). */
export async function login(core: Used, input: Input, address: string): Promise<Outcome<SessionTokens>> {
  const identifier = 'code' in input ? input.phone : input.identifier;
  const tooMany = await takeLoginAttempt(core, identifier, address);
  if (tooMany !== undefined) return tooMany;
  const account = await ('code' in input ? accountOfCode(core, input) : accountOfPassword(core, input));
  if (account === undefined) return wrongCredentials(core, address);
  const session = await openSession(core, account, input.device_name);
  // Checking a password takes long. Whoever changed it or deleted the account meanwhile has logged out the devices that were there: this one goes as well.
  const after = await findAccount(core, account.userId);
  if (after?.deletedAt === null && after.passwordHash === account.passwordHash) return done(session);
  await endDevice(core, account.userId, session.device_id);
  return wrongCredentials(core, address);
}

function wrongCredentials(core: Pick<Core, 'log'>, address: string): Refused {
  core.log.info('account.login_refused', { address });
  return refused(
    'WRONG_CREDENTIALS',
    'The name, the password or the code is wrong. No device was logged in; try again.',
  );
}

async function accountOfPassword(
  core: Used,
  { identifier, password }: Extract<Input, { password: string }>,
): Promise<Account | undefined> {
  const account = await core.accountStore.findByIdentifier(identifier.toLowerCase());
  return (await passwordMatches(core.passwordHasher, account, password)) ? account : undefined;
}

async function accountOfCode(
  core: Used,
  { phone, code }: Extract<Input, { code: string }>,
): Promise<Account | undefined> {
  const { clock, settings } = core;
  const secret = codeDigest(core, phone, code);
  const value = await core.oneTimeSecrets.take(codeName(core, phone), secret, clock.now(), settings.codeAttemptsMax);
  const userId = parseUserId(value ?? '');
  const account = userId === undefined ? undefined : await findAccount(core, userId);
  return account?.deletedAt === null ? account : undefined;
}
