import type { UserEvent } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import type { UserLogRange } from '../ports/user-log.ts';
import { completeUserEntry } from './complete-user-entry.ts';

export const USER_LOG_PAGE = 200;

/**
 * SYNC-2, SYNC-4: the user's events after a place, completed, in order. Everything in (afterSeq, upTo] is in `events` or was superseded. Reads
 * until the head, at most `userEventsReplayMax` log places: a caller that is farther behind was told so by `checkPosition`. `first`: what lies after the place, where it
 * was read already.
 */
export async function readUserEvents(
  core: Pick<Core, 'userLog' | 'conversationStore' | 'accountStore' | 'settings'>,
  actor: Actor,
  afterSeq: number,
  first?: UserLogRange,
): Promise<{ readonly events: readonly UserEvent[]; readonly upTo: number }> {
  const events: UserEvent[] = [];
  let upTo = afterSeq;
  while (upTo - afterSeq < core.settings.userEventsReplayMax) {
    const known = upTo === afterSeq ? first : undefined;
    const range = known ?? (await core.userLog.readAfter(actor.userId, upTo, USER_LOG_PAGE));
    for (const entry of range.entries) {
      const event = await completeUserEntry(core, entry);
      if (event !== undefined) events.push(event);
    }
    if (range.coveredUpTo <= upTo) break;
    upTo = range.coveredUpTo;
    if (upTo >= range.headSeq) break;
  }
  return { events, upTo };
}
