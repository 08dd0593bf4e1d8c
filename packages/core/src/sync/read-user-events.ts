import type { UserEvent } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { completeUserEntry } from './complete-user-entry.ts';

const PAGE = 200;

/**
 * SYNC-2, SYNC-4: the user's events after a place, completed, in order. Everything in (afterSeq, upTo] is in `events` or was superseded. Reads
 * until the head, at most `userEventsReplayMax` log places: a caller that is farther behind was told so by `checkPosition`.
 */
export async function readUserEvents(
  core: Pick<Core, 'userLog' | 'conversationStore' | 'accountStore' | 'settings'>,
  actor: Actor,
  afterSeq: number,
): Promise<{ readonly events: readonly UserEvent[]; readonly upTo: number }> {
  const events: UserEvent[] = [];
  let upTo = afterSeq;
  while (upTo - afterSeq < core.settings.userEventsReplayMax) {
    const range = await core.userLog.readAfter(actor.userId, upTo, PAGE);
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
