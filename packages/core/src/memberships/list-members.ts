import { type ConversationId, parseUserId, type UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { makeCursor, readCursor } from '../paging/cursor.ts';
import { pageOfRows } from '../paging/page.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';
import { ownMembership } from './own-membership.ts';

/** Members and their roles, by user id. */
export async function listMembers(
  core: Pick<Core, 'membershipStore'>,
  actor: Actor,
  { params, query }: Pick<RequestOf<'listMembers'>, 'params' | 'query'>,
): Promise<Outcome<AnswerOf<'listMembers'>>> {
  const conversationId = params.conversation_id;
  const after = readCursor('members', query.cursor, userAfter(conversationId));
  if (after.kind === 'refused') return after;
  const membership = await ownMembership(core, actor, conversationId);
  if (membership.kind === 'refused') return membership;
  const members = await core.membershipStore.list(conversationId, after.value, query.limit + 1);
  return done(
    pageOfRows(
      members,
      query.limit,
      ({ user, role, joinedAt }) => ({ user, role, joined_at: joinedAt }),
      ({ user }) => makeCursor('members', conversationId, user.user_id),
    ),
  );
}

/** Reads a cursor of a list of people inside this conversation. */
export const userAfter =
  (conversationId: ConversationId) =>
  ([inConversation, id, ...more]: readonly unknown[]): UserId | undefined =>
    inConversation === conversationId && typeof id === 'string' && more.length === 0 ? parseUserId(id) : undefined;
