import type { NoticeOf } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import type { UserLogRange } from '../ports/user-log.ts';
import { USER_LOG_PAGE } from './read-user-events.ts';

export type ResyncReason = NoticeOf<'resync_required'>['reason'];

export type PositionCheck =
  /** `range`: the first of what the device missed of the user's log, read on the way. */
  { readonly kind: 'ok'; readonly range: UserLogRange } | { readonly kind: 'resync'; readonly reason: ResyncReason };

/** SYNC-7: whether a device may go on from its place in the user's log. */
export async function checkPosition(
  core: Pick<Core, 'messageLog' | 'userLog' | 'settings'>,
  actor: Actor,
  position: { readonly epoch: string; readonly userSeq: number },
): Promise<PositionCheck> {
  const [epoch, range] = await Promise.all([
    core.messageLog.epoch(),
    core.userLog.readAfter(actor.userId, position.userSeq, USER_LOG_PAGE),
  ]);
  if (position.epoch !== epoch) return { kind: 'resync', reason: 'epoch_changed' };
  if (position.userSeq > range.headSeq) return { kind: 'resync', reason: 'position_ahead' };
  if (range.headSeq - position.userSeq > core.settings.userEventsReplayMax)
    return { kind: 'resync', reason: 'too_far_behind' };
  return { kind: 'ok', range };
}
