import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { confirmPassword } from './confirm-password.ts';
import { disconnectAccount } from './disconnect.ts';
import { finishErasing } from './finish-erasing.ts';

type Used = Pick<
  Core,
  'accountStore' | 'passwordHasher' | 'rateLimiter' | 'broker' | 'clock' | 'digest' | 'settings' | 'log'
>;

/** How long the answer waits for the memberships and messages to be gone. Of an account with very many the rest goes after it. */
const ERASURE_WAIT_MS = 2_000;

/** ACCT-1: one write erases the account and notes what is left to do; a server that is stopped before it is done goes on at its start. */
export async function deleteMe(
  core: Used,
  actor: Actor,
  { body }: Pick<RequestOf<'deleteMe'>, 'body'>,
): Promise<Outcome<undefined>> {
  const confirmed = await confirmPassword(core, actor, body.password);
  if (confirmed.kind === 'refused') return confirmed;
  const outcome = await core.accountStore.erase(actor.userId, core.clock.now());
  switch (outcome.kind) {
    case 'erased':
      disconnectAccount(core, actor.userId);
      await Promise.race([finishErasing(core), pause(core, ERASURE_WAIT_MS)]);
      return done(undefined);
    case 'last_owner':
      return refused(
        'LAST_OWNER',
        'You are the last owner of a conversation in which others remain. The account was not deleted; make somebody else an owner or leave it first.',
      );
    case 'last_admin':
      return refused(
        'LAST_ADMIN',
        'You are the only administrator of this server. The account was not deleted; appoint another administrator first.',
      );
  }
}

const pause = ({ clock }: Pick<Core, 'clock'>, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
