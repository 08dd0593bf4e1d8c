import type { UserLog, UserLogEntry, UserLogRange } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import { visibleMessage } from './message-log.ts';
import type { State } from './state.ts';

export class MemoryUserLog implements UserLog {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async readAfter(userId: UserId, afterSeq: number, limit: number): Promise<UserLogRange> {
    const headSeq = this.#state.userFacts.headOf(userId);
    const entries: UserLogEntry[] = [];
    for (const entry of this.#state.userFacts.of(userId)) {
      if (entry.seq <= afterSeq) continue;
      if (entries.length === limit) return { entries, coveredUpTo: entries.at(-1)?.seq ?? afterSeq, headSeq };
      entries.push(entry);
    }
    return { entries, coveredUpTo: headSeq, headSeq };
  }

  async head(userId: UserId): Promise<number> {
    return this.#state.userFacts.headOf(userId);
  }

  async heads(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, number>> {
    const heads = userIds.map((userId) => [userId, this.#state.userFacts.headOf(userId)] as const);
    return new Map(heads.filter(([, headSeq]) => headSeq > 0));
  }

  async hideMessage(
    userId: UserId,
    conversationId: ConversationId,
    seq: number,
  ): Promise<'hidden' | 'unchanged' | 'not_a_member' | 'target_missing'> {
    const conversation = this.#state.conversations.get(conversationId);
    const member = conversation?.members.get(userId);
    if (conversation === undefined || member === undefined) return 'not_a_member';
    if (visibleMessage(conversation, member, seq) === undefined) return 'target_missing';
    if (member.hidden.has(seq)) return 'unchanged';
    member.hidden.add(seq);
    this.#state.userFacts.append(userId, { type: 'message_hidden', conversationId, messageSeq: seq });
    return 'hidden';
  }

  onAppended(listener: (entries: readonly UserLogEntry[]) => void): void {
    this.#state.userFacts.listen(listener);
  }
}
