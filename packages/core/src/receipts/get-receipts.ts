import { conversationKindOf } from '@parley/protocol';
import { ownAccount } from '../accounts/own-account.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { userAfter } from '../memberships/list-members.ts';
import { noMessage } from '../messages/append-entry.ts';
import { visibleMessage } from '../messages/visible-message.ts';
import { done, type Outcome } from '../outcome.ts';
import { makeCursor, readCursor } from '../paging/cursor.ts';
import { pageOfRows } from '../paging/page.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';

/** RCPT-5: who has a message of the actor's and who has read it; in a channel only how many. Who hides own reading does not see others'. */
export async function getReceipts(
  core: Pick<Core, 'accountStore' | 'membershipStore' | 'messageLog'>,
  actor: Actor,
  { params, query }: Pick<RequestOf<'getReceipts'>, 'params' | 'query'>,
): Promise<Outcome<AnswerOf<'getReceipts'>>> {
  const { conversation_id: conversationId, seq } = params;
  const after = readCursor('receipts', query.cursor, userAfter(conversationId));
  if (after.kind === 'refused') return after;
  const message = await visibleMessage(core, actor, conversationId, seq);
  if (message.kind === 'refused') return message;
  if (message.value.sender_id !== actor.userId) return noMessage;
  const account = await ownAccount(core, actor.userId);
  if (account.kind === 'refused') return account;
  const seesReading = account.value.privacy.read_receipts;
  const isChannel = conversationKindOf(conversationId) === 'channel';
  const receipts = await core.membershipStore.receipts(
    conversationId,
    seq,
    after.value,
    isChannel ? 1 : query.limit + 1,
  );
  const page = pageOfRows(
    isChannel ? [] : receipts.items,
    query.limit,
    ({ userId, deliveredUpTo, readUpTo }) => ({
      user_id: userId,
      delivered: deliveredUpTo >= seq,
      read: seesReading && readUpTo >= seq,
    }),
    ({ userId }) => makeCursor('receipts', conversationId, userId),
  );
  const { recipients, delivered, read } = receipts;
  return done({ recipients, delivered, read: seesReading ? read : 0, ...page });
}
