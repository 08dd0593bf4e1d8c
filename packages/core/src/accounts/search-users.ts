import { parseUserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { makeCursor, onlyId, readCursor } from '../paging/cursor.ts';
import { pageOfRows } from '../paging/page.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';

/** People whose name, a word of it, or username begins with the text. */
export async function searchUsers(
  core: Pick<Core, 'accountStore'>,
  _actor: Actor,
  { query }: Pick<RequestOf<'searchUsers'>, 'query'>,
): Promise<Outcome<AnswerOf<'searchUsers'>>> {
  const after = readCursor('people', query.cursor, onlyId(parseUserId));
  if (after.kind === 'refused') return after;
  const users = await core.accountStore.search(query.query, after.value, query.limit + 1);
  return done(
    pageOfRows(
      users,
      query.limit,
      (user) => user,
      (user) => makeCursor('people', user.user_id),
    ),
  );
}
