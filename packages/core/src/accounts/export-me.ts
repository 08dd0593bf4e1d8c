import type { ConversationId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { conversationOfView } from '../conversations/conversation-of-view.ts';
import type { Core } from '../core.ts';
import type { Account } from '../ports/account-store.ts';
import { meOf } from './account-resources.ts';
import { deviceOf } from './list-devices.ts';
import { findAccount } from './own-account.ts';

type Used = Pick<Core, 'accountStore' | 'deviceStore' | 'conversationStore' | 'membershipStore' | 'messageLog'>;

const HISTORY_PAGE = 100;

/**
 * ACCT-2: everything that the account may see, one object at a time: the account, its devices, and each conversation followed by its history, oldest
 * first. `type` says which. One page of history is in memory at a time; the reader sets the pace.
 */
export async function* exportMe(core: Used, actor: Actor): AsyncGenerator<object, void, undefined> {
  const account = await findAccount(core, actor.userId);
  if (account === undefined) return;
  yield { type: 'account', ...meOf(account) };
  for (const device of await core.deviceStore.list(actor.userId)) yield { type: 'device', ...deviceOf(device, actor) };
  for (const conversationId of await core.membershipStore.conversationsOf(actor.userId))
    yield* exportConversation(core, actor, account, conversationId);
}

async function* exportConversation(
  core: Used,
  actor: Actor,
  account: Account,
  conversationId: ConversationId,
): AsyncGenerator<object> {
  let from: number | undefined;
  for (;;) {
    // Looked at before each page: whoever was removed meanwhile gets nothing more (HIST-5).
    const view = await core.conversationStore.view(conversationId, actor.userId);
    if (view === undefined) return;
    if (from === undefined) yield { type: 'conversation', ...conversationOfView(view, account) };
    const visibleFromSeq = view.membership.visibleFromSeq;
    const afterSeq: number = from ?? visibleFromSeq - 1;
    const slice = await core.messageLog.history({
      conversationId,
      viewer: actor.userId,
      visibleFromSeq,
      from: { afterSeq },
      limit: HISTORY_PAGE,
    });
    for (const entry of slice.entries) yield entry;
    for (const message of slice.messages) yield { type: 'message', ...message };
    from = slice.covered.toSeq;
    if (from >= slice.headSeq || from <= afterSeq) return;
  }
}
