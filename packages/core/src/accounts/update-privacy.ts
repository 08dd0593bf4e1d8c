import type { Me } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { presentFields } from '../present-fields.ts';
import type { RequestOf } from '../route-call.ts';
import { meOf } from './account-resources.ts';
import { ownAccount } from './own-account.ts';

/** Who sees last seen and read receipts (PRES-3, RCPT-4). Who hides its state goes offline for all who watch. */
export async function updatePrivacy(
  core: Pick<Core, 'accountStore' | 'broker'>,
  actor: Actor,
  { body }: Pick<RequestOf<'updatePrivacy'>, 'body'>,
): Promise<Outcome<Me>> {
  const account = await ownAccount(core, actor.userId);
  if (account.kind === 'refused') return account;
  // Only what was asked for: another device may change the rest at the same time.
  const outcome = await core.accountStore.update(actor.userId, { privacy: presentFields(body) });
  if (outcome.kind !== 'updated')
    return refused('TOKEN_INVALID', 'The account of this token was deleted. Nothing was changed.');
  const { privacy } = outcome.account;
  if (privacy.last_seen !== 'everyone' && privacy.last_seen !== account.value.privacy.last_seen) {
    const presence = { user_id: actor.userId, status: 'offline', last_seen_at: null } as const;
    core.broker.publish(`presence:${actor.userId}`, { type: 'presence', presence });
  }
  return done(meOf(outcome.account));
}
