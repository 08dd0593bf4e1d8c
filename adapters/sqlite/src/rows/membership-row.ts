import type { Membership } from '@parley/core';
import type { MySettings } from '@parley/protocol';
import { type ConversationId, makeUserId } from '@parley/protocol/ids';
import { NOTIFICATION_LEVELS, numberOrNull, ROLES } from './columns.ts';

export const MEMBERSHIP_COLUMNS =
  'm.user_id, m.role, m.joined_at, m.visible_from_seq, m.delivered_up_to, m.read_up_to, m.shared_read_up_to, m.read_count, m.archived, m.pinned, m.muted_until, m.notifications';

/** With more members than this a conversation is a crowd: all its rows carry `in_crowd` 1, and its smallest cursors come from an index. */
export const CROWD_MEMBERS = 64;

/** SQL of the smallest cursor of all members of the conversation in the row `c`. */
export function smallestCursorSql(column: 'delivered_up_to' | 'shared_read_up_to'): string {
  const smallest = `SELECT min(${column}) FROM membership`;
  const index = column === 'delivered_up_to' ? 'membership_delivered' : 'membership_shared_read';
  return `iif(c.member_count > ${CROWD_MEMBERS},
    (${smallest} INDEXED BY ${index} WHERE conversation = c.conversation AND in_crowd = 1),
    (${smallest} WHERE conversation = c.conversation))`;
}

export interface MembershipRow {
  readonly user_id: bigint;
  readonly role: bigint;
  readonly joined_at: bigint;
  readonly visible_from_seq: bigint;
  readonly delivered_up_to: bigint;
  readonly read_up_to: bigint;
  readonly shared_read_up_to: bigint;
  readonly read_count: bigint;
  readonly archived: bigint;
  readonly pinned: bigint;
  readonly muted_until: bigint | null;
  readonly notifications: bigint;
}

export function membershipOfRow(conversationId: ConversationId, row: MembershipRow): Membership {
  return {
    userId: makeUserId(row.user_id),
    conversationId,
    role: ROLES.wordOf(row.role),
    joinedAt: Number(row.joined_at),
    visibleFromSeq: Number(row.visible_from_seq),
    deliveredUpTo: Number(row.delivered_up_to),
    readUpTo: Number(row.read_up_to),
    readCount: Number(row.read_count),
    settings: settingsOfRow(row),
  };
}

export function settingsOfRow(
  row: Pick<MembershipRow, 'archived' | 'pinned' | 'muted_until' | 'notifications'>,
): MySettings {
  return {
    archived: row.archived === 1n,
    pinned: row.pinned === 1n,
    muted_until: numberOrNull(row.muted_until),
    notifications: NOTIFICATION_LEVELS.wordOf(row.notifications),
  };
}
