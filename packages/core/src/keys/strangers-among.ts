import type { UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';

/** Whether any of at most 100 people shares no conversation with the actor. */
export async function strangersAmong(
  core: Pick<Core, 'membershipStore'>,
  actor: Actor,
  userIds: readonly UserId[],
): Promise<boolean> {
  const others = [...new Set(userIds)].filter((userId) => userId !== actor.userId);
  if (others.length === 0) return false;
  const acquaintances = await core.membershipStore.acquaintances(actor.userId, others);
  return others.some((userId) => !acquaintances.has(userId));
}
