import { parseUserId } from '@parley/protocol';
import { userOf } from '../accounts/account-resources.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { makeCursor, onlyId, readCursor } from '../paging/cursor.ts';
import { pageOfRows } from '../paging/page.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';
import { requireAdmin } from './require-admin.ts';

/** All accounts for the administrator, newest first. */
export async function listUsers(
  core: Pick<Core, 'accountStore'>,
  actor: Actor,
  { query }: Pick<RequestOf<'listUsers'>, 'query'>,
): Promise<Outcome<AnswerOf<'listUsers'>>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  const before = readCursor('accounts', query.cursor, onlyId(parseUserId));
  if (before.kind === 'refused') return before;
  const accounts = await core.accountStore.list(query.query, before.value, query.limit + 1);
  return done(
    pageOfRows(
      accounts,
      query.limit,
      (account) => ({
        ...userOf(account),
        is_admin: account.isAdmin,
        created_at: account.createdAt,
        devices: account.deviceCount,
      }),
      (account) => makeCursor('accounts', account.userId),
    ),
  );
}
