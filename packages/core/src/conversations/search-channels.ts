import { parseConversationId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { makeCursor, onlyId, readCursor } from '../paging/cursor.ts';
import { pageOfRows } from '../paging/page.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';

/** Public channels by the beginning of their name. The cursor holds only the last channel's id: its name may be too long for one. */
export async function searchChannels(
  core: Pick<Core, 'conversationStore'>,
  _actor: Actor,
  { query }: Pick<RequestOf<'searchChannels'>, 'query'>,
): Promise<Outcome<AnswerOf<'searchChannels'>>> {
  const cursor = readCursor('channels', query.cursor, onlyId(parseConversationId));
  if (cursor.kind === 'refused') return cursor;
  const last = cursor.value === null ? null : await core.conversationStore.find(cursor.value);
  // Only what this list has shown can be its end: where another conversation stood in it would tell its name.
  if (last === undefined || (last !== null && !(last.kind === 'channel' && last.visibility === 'public')))
    return refused('BAD_CURSOR', 'The list has changed. Begin again without a cursor.');
  const after = last === null ? null : { name: last.name ?? '', conversationId: last.conversationId };
  const channels = await core.conversationStore.publicChannels(query.query, after, query.limit + 1);
  return done(
    pageOfRows(
      channels,
      query.limit,
      (channel) => ({
        conversation_id: channel.conversationId,
        name: channel.name ?? '',
        description: channel.description,
        member_count: channel.memberCount,
      }),
      (channel) => makeCursor('channels', channel.conversationId),
    ),
  );
}
