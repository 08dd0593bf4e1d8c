import type { UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';

/** PRES-3: those of at most 100 people whose state the actor may see: they share a conversation with the actor, and their privacy allows it. */
export async function watchable(
  core: Pick<Core, 'accountStore' | 'membershipStore'>,
  actor: Actor,
  userIds: readonly UserId[],
): Promise<ReadonlySet<UserId>> {
  const others = [...new Set(userIds)].filter((userId) => userId !== actor.userId);
  const acquaintances = await core.membershipStore.acquaintances(actor.userId, others);
  const accounts = await core.accountStore.findMany([...acquaintances]);
  const seen = new Set<UserId>(userIds.includes(actor.userId) ? [actor.userId] : []);
  const onlyContacts: UserId[] = [];
  for (const { userId, privacy } of accounts.values()) {
    if (privacy.last_seen === 'everyone') seen.add(userId);
    if (privacy.last_seen === 'contacts') onlyContacts.push(userId);
  }
  if (onlyContacts.length === 0) return seen;
  for (const userId of await core.membershipStore.turnedTo(actor.userId, onlyContacts)) seen.add(userId);
  return seen;
}
