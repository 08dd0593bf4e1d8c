import type { NoticeOf } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';

export type ResyncReason = NoticeOf<'resync_required'>['reason'];

/** SYNC-7: whether a device may go on from its place in the user's log. */
export async function checkPosition(
  core: Pick<Core, 'messageLog' | 'userLog' | 'settings'>,
  actor: Actor,
  position: { readonly epoch: string; readonly userSeq: number },
): Promise<'ok' | ResyncReason> {
  const [epoch, head] = await Promise.all([core.messageLog.epoch(), core.userLog.head(actor.userId)]);
  if (position.epoch !== epoch) return 'epoch_changed';
  if (position.userSeq > head) return 'position_ahead';
  return head - position.userSeq > core.settings.userEventsReplayMax ? 'too_far_behind' : 'ok';
}
