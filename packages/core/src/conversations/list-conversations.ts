import { parseConversationId } from '@parley/protocol';
import { findAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { isPlace, makeCursor, readCursor } from '../paging/cursor.ts';
import { pageOfRows } from '../paging/page.ts';
import type { ConversationView, ListPlace } from '../ports/conversation-store.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';
import { conversationOfView } from './conversation-of-view.ts';

/** CONV-3: own conversations, last activity first; archived ones only on request. */
export async function listConversations(
  core: Pick<Core, 'conversationStore' | 'accountStore'>,
  actor: Actor,
  { query }: Pick<RequestOf<'listConversations'>, 'query'>,
): Promise<Outcome<AnswerOf<'listConversations'>>> {
  const after = readCursor('conversations', query.cursor, placeOf);
  if (after.kind === 'refused') return after;
  const account = await findAccount(core, actor.userId);
  const views = await core.conversationStore.list(actor.userId, {
    after: after.value,
    limit: query.limit + 1,
    archived: query.archived ?? false,
  });
  return done(pageOfRows(views, query.limit, (view) => conversationOfView(view, account), cursorAfter));
}

const cursorAfter = ({ head, record }: ConversationView): string =>
  makeCursor('conversations', head.lastActivityAt, record.conversationId);

function placeOf([lastActivityAt, id, ...more]: readonly unknown[]): ListPlace | undefined {
  const conversationId = typeof id === 'string' ? parseConversationId(id) : undefined;
  if (!isPlace(lastActivityAt) || conversationId === undefined || more.length > 0) return undefined;
  return { lastActivityAt, conversationId };
}
