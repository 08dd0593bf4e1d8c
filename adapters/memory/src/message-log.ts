import type { Append, AppendOutcome, Head, HistoryQuery, HistorySlice, LogRange, MessageLog } from '@parley/core';
import { type ConversationId, type DeviceId, LIMITS, type LogEntry, type Message, type UserId } from '@parley/protocol';
import { appendEntry } from './append-entry.ts';
import { foldEntry, presentState } from './fold-entry.ts';
import { HistoryScan } from './history-scan.ts';
import type { ConversationRow, LogRow, MemberRow, MessageState, State } from './state.ts';

export class MemoryMessageLog implements MessageLog {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    return appends.map((append) => this.#appendOne(append));
  }

  #appendOne(append: Append): AppendOutcome {
    const { author, body } = append;
    const conversation = this.#state.conversations.get(append.conversationId);
    if (conversation === undefined) return { kind: 'not_a_member' };

    // Before the rights: who was removed in the meantime must not hear "not stored" of something that was (SEND-4).
    const first = firstOutcomeOf(conversation, append);
    if (first !== undefined) return first;

    const member = conversation.members.get(author.userId);
    if (member === undefined) return { kind: 'not_a_member' };
    if (!author.roles.includes(member.role)) return { kind: 'role_too_low' };

    const targetSeq = body.type === 'new_message' ? body.content.reply_to : body.target_seq;
    const target = targetSeq === undefined ? null : visibleMessage(conversation, member, targetSeq);
    if (target === undefined) return { kind: 'target_missing' };
    if (target?.content === null) return { kind: 'target_deleted' };
    if (target !== null && body.type === 'reaction') {
      const isThere = target.reactions.get(body.emoji)?.has(author.userId) === true;
      if (isThere === (body.action === 'added')) return { kind: 'unchanged' };
      if (isOneEmojiTooMany(target, body)) return { kind: 'too_many_reactions' };
    }

    const entry = appendEntry(conversation, body, author.userId, append.createdAt);
    if (target !== null && body.type !== 'new_message') foldEntry(conversation, target, entry);
    conversation.keys.set(keyOf(author.deviceId, append.clientMsgId), {
      seq: entry.seq,
      fingerprint: append.fingerprint,
    });
    conversation.members.set(author.userId, {
      ...member,
      deliveredUpTo: entry.seq,
      readUpTo: entry.seq,
      readCount: entry.count,
      sharedReadUpTo: entry.seq,
      tookPart: true,
    });
    return { kind: 'appended', entry };
  }

  async readAfter(conversationId: ConversationId, afterSeq: number, limit: number): Promise<LogRange> {
    const log = this.#state.conversations.get(conversationId)?.log ?? [];
    const entries: LogEntry[] = [];
    let coveredUpTo = afterSeq;
    while (coveredUpTo < log.length && entries.length < limit) {
      const row = log[coveredUpTo];
      coveredUpTo += 1;
      if (row !== undefined && !row.erased) entries.push(row.entry);
    }
    return { entries, coveredUpTo, headSeq: log.length };
  }

  async history(query: HistoryQuery): Promise<HistorySlice> {
    const conversation = this.#state.conversations.get(query.conversationId);
    const hidden = conversation?.members.get(query.viewer)?.hidden ?? new Set();
    return new HistoryScan(conversation?.log ?? [], hidden, query).run();
  }

  async message(conversationId: ConversationId, seq: number, viewer: UserId): Promise<Message | undefined> {
    const state = this.#state.conversations.get(conversationId)?.log[seq - 1]?.state;
    return state ? presentState(state, viewer) : undefined;
  }

  async heads(conversationIds: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, Head>> {
    const heads = new Map<ConversationId, Head>();
    for (const conversationId of conversationIds) {
      const conversation = this.#state.conversations.get(conversationId);
      if (conversation !== undefined) heads.set(conversationId, headOf(conversation));
    }
    return heads;
  }

  async epoch(): Promise<string> {
    return this.#state.epoch;
  }
}

const keyOf = (deviceId: DeviceId, clientMsgId: string): string => `${deviceId} ${clientMsgId}`;

function firstOutcomeOf(conversation: ConversationRow, { author, clientMsgId, fingerprint }: Append) {
  const first = conversation.keys.get(keyOf(author.deviceId, clientMsgId));
  const stored = first === undefined ? undefined : conversation.log[first.seq - 1];
  if (first === undefined || stored === undefined) return undefined;
  if (!stored.erased && fingerprint !== null && first.fingerprint !== fingerprint)
    return { kind: 'key_reused' } as const;
  return { kind: 'duplicate', entry: stored.entry } as const;
}

export function headOf(conversation: ConversationRow): Head {
  const { log, messageCount, lastActivityAt } = conversation;
  return { seq: log.length, count: messageCount, lastActivityAt };
}

/** The message at a seq, tombstone or not, when the member may read that place of the log. */
export function visibleMessage(
  conversation: ConversationRow,
  member: MemberRow,
  seq: number,
): MessageState | undefined {
  if (seq < member.visibleFromSeq) return undefined;
  const row: LogRow | undefined = conversation.log[seq - 1];
  return row?.state ?? undefined;
}

function isOneEmojiTooMany(target: MessageState, reaction: { readonly emoji: string; readonly action: string }) {
  if (reaction.action === 'removed' || target.reactions.has(reaction.emoji)) return false;
  return target.reactions.size >= LIMITS.reactionsPerMessageMax;
}
