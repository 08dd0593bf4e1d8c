import { type ConversationId, LIMITS } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { entrySeenFrom } from '../delivery/entry-seen-from.ts';
import { ownMembership, unlessEnded } from '../memberships/own-membership.ts';
import { invalidField, type Outcome, refused } from '../outcome.ts';
import type { AnswerOf } from '../route-call.ts';

/** SYNC-10: the raw log after a place, and the range that the answer covers. Nothing of before the joining is in it (HIST-4). */
export async function listEntries(
  core: Pick<Core, 'membershipStore' | 'messageLog'>,
  actor: Actor,
  input: { readonly conversationId: ConversationId; readonly afterSeq: number; readonly limit: number },
): Promise<Outcome<AnswerOf<'listEntries'>>> {
  const { conversationId, afterSeq, limit } = input;
  if (limit > LIMITS.historyLimitMax)
    return refused(
      'LIMIT_TOO_HIGH',
      `At most ${LIMITS.historyLimitMax} entries at a time. Ask for less and go on from there.`,
    );
  if (limit < 1) return invalidField('limit', 'must be at least 1');
  const membership = await ownMembership(core, actor, conversationId);
  if (membership.kind === 'refused') return membership;
  const { visibleFromSeq } = membership.value;
  const from = Math.max(afterSeq, visibleFromSeq - 1);
  const [range, epoch] = await Promise.all([
    core.messageLog.readAfter(conversationId, from, limit),
    core.messageLog.epoch(),
  ]);
  return unlessEnded(core, membership.value, {
    after_seq: afterSeq,
    covered_up_to: Math.max(afterSeq, range.coveredUpTo),
    head_seq: range.headSeq,
    epoch,
    entries: range.entries.map((entry) => entrySeenFrom(visibleFromSeq, entry)),
  });
}
