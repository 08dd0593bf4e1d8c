import { type ConversationId, conversationKindOf, type UserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import type { CursorMove, CursorRequest } from '../ports/membership-store.ts';

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
  const asked = claims.flatMap((claim) => requestsOf(claim, sharing).map((request) => ({ claim, request })));
  const moves = await core.membershipStore.moveCursors(asked.map(({ request }) => request));
  const stateOf = new Map<CursorClaim, CursorMove | undefined>();
  asked.forEach(({ claim, request }, index) => {
    const move = moves[index];
    stateOf.set(claim, move);
    if (move?.moved === true && request.shared) publishReceipt(core, request, move);
  });
  return claims.map((claim) => stateOf.get(claim));
}

/** Users among those who have read something who share their read receipts. */
async function sharersAmong(core: Pick<Core, 'accountStore'>, claims: readonly CursorClaim[]): Promise<Set<UserId>> {
  const readers = new Set(claims.filter(({ readUpTo }) => readUpTo !== undefined).map(({ userId }) => userId));
  if (readers.size === 0) return readers;
  const accounts = await core.accountStore.findMany([...readers]);
  return new Set([...readers].filter((userId) => accounts.get(userId)?.privacy.read_receipts));
}

/** Reading moves `delivered` too; it is asked for by itself, first, because others are told of it even when the reading stays private. */
function requestsOf(
  { conversationId, userId, deliveredUpTo = 0, readUpTo }: CursorClaim,
  sharing: ReadonlySet<UserId>,
): readonly CursorRequest[] {
  const who = { conversationId, userId };
  const upTo = Math.max(deliveredUpTo, readUpTo ?? 0);
  const delivered: CursorRequest = { ...who, kind: 'delivered', upTo, shared: true };
  if (readUpTo === undefined) return [delivered];
  return [delivered, { ...who, kind: 'read', upTo: readUpTo, shared: sharing.has(userId) }];
}

/** Not in channels: they have too many members for each one's cursor to be news. */
function publishReceipt(
  core: Pick<Core, 'broker'>,
  { conversationId, userId, kind }: CursorRequest,
  { sharedUpTo, allUpTo }: CursorMove,
): void {
  if (conversationKindOf(conversationId) === 'channel') return;
  const event = { type: 'receipt', conversationId, userId, kind, upTo: sharedUpTo, allUpTo } as const;
  core.broker.publish(`conversation:${conversationId}`, event);
}
