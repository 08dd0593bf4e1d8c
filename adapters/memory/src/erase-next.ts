import type { AccountStore } from '@parley/core';
import type { LogEntry, UserId } from '@parley/protocol';
import { appendEntry } from './append-entry.ts';
import { eraseMessage } from './fold-entry.ts';
import { takeOut } from './member-rows.ts';
import type { ErasureRow, State } from './state.ts';

/** Notes every conversation in which the user ever was. */
export function noteErasures(state: State, userId: UserId): void {
  const noted = new Set(state.erasures.filter((row) => row.userId === userId).map((row) => row.conversationId));
  for (const conversationId of state.memberships.get(userId) ?? []) {
    noted.add(conversationId);
    state.erasures.push({ userId, conversationId, nextSeq: 1, isMember: true, hasErased: false });
  }
  for (const fact of state.userFacts.of(userId)) {
    if (fact.type !== 'conversation_joined' || noted.has(fact.conversationId)) continue;
    noted.add(fact.conversationId);
    state.erasures.push({ userId, conversationId: fact.conversationId, nextSeq: 1, isMember: false, hasErased: false });
  }
}

export function eraseNext(state: State, at: number, rowsMax: number): Awaited<ReturnType<AccountStore['eraseNext']>> {
  const leaving = state.erasures.find(({ isMember }) => isMember);
  if (leaving !== undefined) return { kind: 'more', entry: endMembership(state, leaving, at) };
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
  // What requests that were under way have left there since the account was erased.
  state.userFacts.forget(row.userId);
  const entry = row.hasErased ? appendEntry(conversation, { type: 'author_erased' }, row.userId, at) : null;
  return { kind: 'more', entry };
}

function endMembership(state: State, row: ErasureRow, at: number): LogEntry | null {
  const { userId, conversationId } = row;
  row.isMember = false;
  const conversation = state.conversations.get(conversationId);
  if (!conversation?.members.has(userId)) return null;
  return takeOut(state, conversation, { userId, actor: userId, reason: 'account_deleted', at });
}
