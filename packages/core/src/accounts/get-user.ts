import type { User } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { userOf } from './account-resources.ts';
import { findAccount } from './own-account.ts';

/** One person; every account of a server may see every other's profile, never its e-mail address or phone number. */
export async function getUser(
  core: Pick<Core, 'accountStore'>,
  _actor: Actor,
  { params }: Pick<RequestOf<'getUser'>, 'params'>,
): Promise<Outcome<User>> {
  const account = await findAccount(core, params.user_id);
  return account === undefined ? refused('NOT_FOUND', 'There is no such person.') : done(userOf(account));
}
