import type { UserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { Account } from '../ports/account-store.ts';

/** The account of who asks; refused when it was deleted while its token was still good. */
export async function ownAccount(core: Pick<Core, 'accountStore'>, userId: UserId): Promise<Outcome<Account>> {
  const account = await findAccount(core, userId);
  if (account === undefined || account.deletedAt !== null)
    return refused('TOKEN_INVALID', 'The account of this token was deleted. Nothing was done.');
  return done(account);
}

export async function findAccount(core: Pick<Core, 'accountStore'>, userId: UserId): Promise<Account | undefined> {
  return (await core.accountStore.findMany([userId])).get(userId);
}
