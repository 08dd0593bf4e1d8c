import type { Snapshot } from '@parley/protocol';
import { getMe } from '../accounts/get-me.ts';
import type { Actor } from '../actor.ts';
import { listConversations } from '../conversations/list-conversations.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';

/** SYNC-8: first state of a device, newest conversations first. The position is read before the state: replaying from it repeats but never misses. */
export async function getSnapshot(
  core: Pick<Core, 'messageLog' | 'userLog' | 'accountStore' | 'conversationStore'>,
  actor: Actor,
  limit: number,
): Promise<Outcome<Snapshot>> {
  const epoch = await core.messageLog.epoch();
  const user_seq = await core.userLog.head(actor.userId);
  const me = await getMe(core, actor);
  if (me.kind === 'refused') return me;
  const page = await listConversations(core, actor, { query: { limit } });
  if (page.kind === 'refused') return page;
  const { items: conversations, next_cursor } = page.value;
  return done({ epoch, user_seq, me: me.value, conversations, next_cursor });
}
