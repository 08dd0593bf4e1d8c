import { type ConversationId, type HistoryPage, LIMITS } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { ownMembership, unlessEnded } from '../memberships/own-membership.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { isPlace, makeCursor, readCursor } from '../paging/cursor.ts';
import type { HistoryQuery, HistorySlice } from '../ports/message-log.ts';
import type { RequestOf } from '../route-call.ts';
import { joinSlices, trimSlice } from './history-slices.ts';

type Used = Pick<Core, 'membershipStore' | 'messageLog'>;
type From = HistoryQuery['from'] | { readonly aroundSeq: number };
type Query = RequestOf<'listMessages'>['query'];

/** HIST-1 … HIST-4: a page of history in present state. Without a place: the newest. */
export async function listMessages(
  core: Used,
  actor: Actor,
  { params, query }: Pick<RequestOf<'listMessages'>, 'params' | 'query'>,
): Promise<Outcome<HistoryPage>> {
  const conversationId = params.conversation_id;
  const from = placeOf(conversationId, query);
  if (from.kind === 'refused') return from;
  const membership = await ownMembership(core, actor, conversationId);
  if (membership.kind === 'refused') return membership;
  const { visibleFromSeq } = membership.value;
  const base = { conversationId, viewer: actor.userId, visibleFromSeq, limit: query.limit };
  const [slice, epoch] = await Promise.all([readSlice(core, base, from.value), core.messageLog.epoch()]);
  return unlessEnded(core, membership.value, pageOf(conversationId, visibleFromSeq, slice, epoch));
}

function placeOf(conversationId: ConversationId, query: Query): Outcome<From> {
  const { cursor, before_seq: beforeSeq, after_seq: afterSeq, around_seq: aroundSeq } = query;
  if ([cursor, beforeSeq, afterSeq, aroundSeq].filter((place) => place !== undefined).length > 1)
    return refused('INVALID_REQUEST', 'Give one of cursor, before_seq, after_seq and around_seq. Nothing was read.');
  if (beforeSeq !== undefined) return done({ beforeSeq });
  if (afterSeq !== undefined) return done({ afterSeq });
  if (aroundSeq !== undefined) return done({ aroundSeq });
  const place = readCursor('history', cursor, placeInHistory(conversationId));
  if (place.kind === 'refused') return place;
  return done(place.value ?? { beforeSeq: Number.MAX_SAFE_INTEGER });
}

const placeInHistory =
  (conversationId: ConversationId) =>
  ([inConversation, direction, seq, ...more]: readonly unknown[]): HistoryQuery['from'] | undefined => {
    if (inConversation !== conversationId || !isPlace(seq) || more.length > 0) return undefined;
    if (direction === 'older') return { beforeSeq: seq };
    return direction === 'newer' ? { afterSeq: seq } : undefined;
  };

async function readSlice(core: Used, base: Omit<HistoryQuery, 'from'>, from: From): Promise<HistorySlice> {
  const { messageLog } = core;
  if (!('aroundSeq' in from)) {
    const slice = await messageLog.history({ ...base, from });
    return trimSlice(slice, LIMITS.historyLimitMax, 'beforeSeq' in from ? 'newest' : 'oldest');
  }
  const half = Math.floor(base.limit / 2);
  const cap = LIMITS.historyLimitMax / 2;
  const older = await messageLog.history({
    ...base,
    limit: base.limit - half,
    from: { beforeSeq: from.aroundSeq + 1 },
  });
  const olderPart = trimSlice(older, cap, 'newest');
  if (half === 0) return olderPart;
  const newer = await messageLog.history({ ...base, limit: half, from: { afterSeq: from.aroundSeq } });
  return joinSlices(olderPart, trimSlice(newer, cap, 'oldest'));
}

function pageOf(
  conversationId: ConversationId,
  visibleFromSeq: number,
  { messages, entries, tombstones, covered, headSeq }: HistorySlice,
  epoch: string,
): HistoryPage {
  const { fromSeq, toSeq } = covered;
  return {
    messages: [...messages],
    entries: [...entries],
    tombstones: [...tombstones],
    covered: { from_seq: fromSeq, to_seq: toSeq },
    head_seq: headSeq,
    epoch,
    older_cursor:
      fromSeq <= Math.max(1, visibleFromSeq) ? null : makeCursor('history', conversationId, 'older', fromSeq),
    newer_cursor: toSeq >= headSeq ? null : makeCursor('history', conversationId, 'newer', toSeq),
  };
}
