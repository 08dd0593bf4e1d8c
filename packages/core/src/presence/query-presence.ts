import type { UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { AnswerOf } from '../route-call.ts';
import { hiddenPresence, presenceOf } from './presence-of.ts';
import { watchable } from './watchable.ts';

/** PRES-1, PRES-3: state of at most 100 people; who hides it or is a stranger reads as offline, never seen. */
export async function queryPresence(
  core: Pick<Core, 'accountStore' | 'membershipStore' | 'presenceStore' | 'clock'>,
  actor: Actor,
  input: { readonly userIds: readonly UserId[] },
): Promise<Outcome<AnswerOf<'queryPresence'>>> {
  const userIds = [...new Set(input.userIds)];
  const seen = [...(await watchable(core, actor, userIds))];
  const [online, accounts] = await Promise.all([
    core.presenceStore.online(seen, core.clock.now()),
    core.accountStore.findMany(seen),
  ]);
  return done({
    items: userIds.map((userId) => {
      const account = accounts.get(userId);
      if (account === undefined) return hiddenPresence(userId);
      return presenceOf(userId, online.has(userId), account.lastSeenAt);
    }),
  });
}
