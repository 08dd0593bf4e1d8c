import type { ConversationRecord, Head } from '@parley/core';
import { type ConversationId, makeUserId } from '@parley/protocol/ids';
import { KINDS, VISIBILITIES } from './columns.ts';

export const CONVERSATION_COLUMNS =
  'c.conversation, c.id, c.kind, c.name, c.description, c.avatar_url, c.visibility, c.created_at, c.created_by, c.member_count';

export interface ConversationRow {
  readonly conversation: bigint;
  readonly id: ConversationId;
  readonly kind: bigint;
  readonly name: string | null;
  readonly description: string | null;
  readonly avatar_url: string | null;
  readonly visibility: bigint;
  readonly created_at: bigint;
  readonly created_by: bigint;
  readonly member_count: bigint;
}

export function conversationOfRow(row: ConversationRow): ConversationRecord {
  return {
    conversationId: row.id,
    kind: KINDS.wordOf(row.kind),
    name: row.name,
    description: row.description,
    avatarUrl: row.avatar_url,
    visibility: VISIBILITIES.wordOf(row.visibility),
    createdAt: Number(row.created_at),
    createdBy: makeUserId(row.created_by),
    memberCount: Number(row.member_count),
  };
}

/** By what a public channel is found; null for all that is not one. */
export const channelKeyOf = (record: Pick<ConversationRecord, 'kind' | 'visibility' | 'name'>): string | null =>
  record.kind === 'channel' && record.visibility === 'public' ? (record.name ?? '').toLowerCase() : null;

export const HEAD_COLUMNS = 'h.seq AS head_seq, h.count AS head_count, h.message_seq, h.last_activity_at';

export interface HeadRow {
  readonly head_seq: bigint;
  readonly head_count: bigint;
  readonly message_seq: bigint;
  readonly last_activity_at: bigint;
}

export function headOfRow(row: HeadRow): Head {
  return { seq: Number(row.head_seq), count: Number(row.head_count), lastActivityAt: Number(row.last_activity_at) };
}
