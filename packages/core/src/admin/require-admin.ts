import { ownAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { type Refused, refused } from '../outcome.ts';

/** Looked up at each call: who stops being an administrator loses the right at once. Undefined: the actor is one. */
export async function requireAdmin(core: Pick<Core, 'accountStore'>, actor: Actor): Promise<Refused | undefined> {
  const account = await ownAccount(core, actor.userId);
  if (account.kind === 'refused') return account;
  if (account.value.isAdmin) return undefined;
  return refused('FORBIDDEN', 'Only an administrator of this server may ask for this.');
}
