import { type ConversationId, conversationKindOf, type UserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import type { SeenCursors } from '../ports/broker.ts';
import type { CursorMove } from '../ports/membership-store.ts';

/** How far a user says to be in a conversation; an absent cursor stays where it is. At least one is given. */
export interface CursorClaim {
  readonly conversationId: ConversationId;
  readonly userId: UserId;
  readonly deliveredUpTo?: number;
  readonly readUpTo?: number;
}

/**
 * RCPT-1, RCPT-2, RCPT-4: moves cursors in one commit and tells the others what they may know of it. For each claim the state of
 * its cursors; undefined: no member. At most 500 claims.
 */
export async function applyCursorMoves(
  core: Pick<Core, 'membershipStore' | 'accountStore' | 'broker'>,
  claims: readonly CursorClaim[],
): Promise<readonly (CursorMove | undefined)[]> {
  const sharing = await sharersAmong(core, claims);
  const moves = await core.membershipStore.moveCursors(
    claims.map(({ conversationId, userId, deliveredUpTo = 0, readUpTo = 0 }) => ({
      conversationId,
      userId,
      deliveredUpTo,
      readUpTo,
      sharesReading: sharing.has(userId),
    })),
  );
  publishReceipts(core, claims, moves);
  return moves;
}

/** Users among those who have read something who share their read receipts. */
async function sharersAmong(core: Pick<Core, 'accountStore'>, claims: readonly CursorClaim[]): Promise<Set<UserId>> {
  const readers = new Set(claims.filter(({ readUpTo }) => readUpTo !== undefined).map(({ userId }) => userId));
  if (readers.size === 0) return readers;
  const accounts = await core.accountStore.findMany([...readers]);
  return new Set([...readers].filter((userId) => accounts.get(userId)?.privacy.read_receipts));
}

/** One event for all cursors of a conversation. Not in channels: they have too many members for each one's cursor to be news. */
function publishReceipts(
  core: Pick<Core, 'broker'>,
  claims: readonly CursorClaim[],
  moves: readonly (CursorMove | undefined)[],
): void {
  const cursorsIn = new Map<ConversationId, SeenCursors[]>();
  const lastIn = new Map<ConversationId, CursorMove>();
  claims.forEach(({ conversationId, userId }, index) => {
    const move = moves[index];
    if (move?.isNews !== true || conversationKindOf(conversationId) === 'channel') return;
    const cursors = cursorsIn.get(conversationId) ?? [];
    cursors.push({
      userId,
      deliveredUpTo: move.deliveredUpTo,
      readUpTo: move.sharedReadUpTo,
      isDelivery: move.isDelivery,
    });
    cursorsIn.set(conversationId, cursors);
    lastIn.set(conversationId, move);
  });
  for (const [conversationId, { deliveredByAllUpTo, readByAllUpTo }] of lastIn) {
    const cursors = cursorsIn.get(conversationId) ?? [];
    const event = { type: 'receipts', conversationId, cursors, deliveredByAllUpTo, readByAllUpTo } as const;
    core.broker.publish(`conversation:${conversationId}`, event);
  }
}
