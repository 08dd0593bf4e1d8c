import type { AccountStore } from '@parley/core';
import type { UserId } from '@parley/protocol';
import { appendEntry } from './append-entry.ts';
import { eraseMessage } from './fold-entry.ts';
import type { State } from './state.ts';

/** Notes every conversation in which the user ever was. */
export function noteErasures(state: State, userId: UserId): void {
  const noted = new Set(state.erasures.filter((row) => row.userId === userId).map((row) => row.conversationId));
  for (const fact of state.userFacts.of(userId)) {
    if (fact.type !== 'conversation_joined' || noted.has(fact.conversationId)) continue;
    noted.add(fact.conversationId);
    state.erasures.push({ userId, conversationId: fact.conversationId, nextSeq: 1, hasErased: false });
  }
}

export function eraseMessages(
  state: State,
  at: number,
  rowsMax: number,
): Awaited<ReturnType<AccountStore['eraseMessages']>> {
  const [row] = state.erasures;
  const conversation = row && state.conversations.get(row.conversationId);
  if (row === undefined || conversation === undefined) return { kind: 'done' };
  for (const { state: message } of conversation.log.slice(row.nextSeq - 1, row.nextSeq - 1 + rowsMax)) {
    if (message === null || message.message.sender_id !== row.userId || message.content === null) continue;
    eraseMessage(conversation, message);
    row.hasErased = true;
  }
  row.nextSeq += rowsMax;
  if (row.nextSeq <= conversation.log.length) return { kind: 'more', entry: null };
  state.erasures.shift();
  // What came after the account was erased: that the user has left a group to which somebody added it at the last moment.
  state.userFacts.forget(row.userId);
  const entry = row.hasErased ? appendEntry(conversation, { type: 'author_erased' }, row.userId, at) : null;
  return { kind: 'more', entry };
}
