import type { Me } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { meOf } from './account-resources.ts';
import { ownAccount } from './own-account.ts';

export async function getMe(core: Pick<Core, 'accountStore'>, actor: Actor): Promise<Outcome<Me>> {
  const account = await ownAccount(core, actor.userId);
  return account.kind === 'refused' ? account : done(meOf(account.value));
}
