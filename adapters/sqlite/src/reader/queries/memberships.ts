import type { Membership, MembershipStore } from '@parley/core';
import { type ConversationId, directIdOf, idNumber, makeUserId, type UserId } from '@parley/protocol/ids';
import { USER_COLUMNS, type UserRow, userOfRow } from '../../rows/account-row.ts';
import { KINDS, ROLES } from '../../rows/columns.ts';
import { MEMBERSHIP_COLUMNS, type MembershipRow, membershipOfRow } from '../../rows/membership-row.ts';
import type { SqlConnection } from '../../sql-connection.ts';

/** Conversations of a user that are named at once (port: MembershipStore.conversationsOf). */
const CONVERSATIONS_MAX = 10_000;
/** Below every user id: ids are positive. */
const BEFORE_ALL = -1n;

export interface FindMembership {
  readonly conversationId: ConversationId;
  readonly userId: UserId;
}

export function findMembership(
  connection: SqlConnection,
  { conversationId, userId }: FindMembership,
): Membership | undefined {
  const row = connection.one<MembershipRow>(
    `SELECT ${MEMBERSHIP_COLUMNS} FROM conversation c JOIN membership m ON m.conversation = c.conversation AND m.user_id = ? WHERE c.id = ?`,
    idNumber(userId),
    conversationId,
  );
  return row && membershipOfRow(conversationId, row);
}

export function conversationsOf(connection: SqlConnection, userId: UserId): readonly ConversationId[] {
  const rows = connection.all<{ id: ConversationId }>(
    `SELECT c.id FROM membership m JOIN head h ON h.conversation = m.conversation JOIN conversation c ON c.conversation = m.conversation
     WHERE m.user_id = ? ORDER BY h.last_activity_at DESC, c.id DESC LIMIT ${CONVERSATIONS_MAX}`,
    idNumber(userId),
  );
  return rows.map(({ id }) => id);
}

export interface ListMembers {
  readonly conversationId: ConversationId;
  readonly after: UserId | null;
  readonly limit: number;
}

export function listMembers(
  connection: SqlConnection,
  { conversationId, after, limit }: ListMembers,
): Awaited<ReturnType<MembershipStore['list']>> {
  const rows = connection.all<UserRow & Pick<MembershipRow, 'role' | 'joined_at'>>(
    `SELECT ${USER_COLUMNS}, m.role, m.joined_at FROM conversation c JOIN membership m ON m.conversation = c.conversation
     JOIN account a ON a.user_id = m.user_id WHERE c.id = ? AND m.user_id > ? ORDER BY m.user_id LIMIT ?`,
    conversationId,
    after === null ? BEFORE_ALL : idNumber(after),
    limit,
  );
  return rows.map((row) => ({ user: userOfRow(row), role: ROLES.wordOf(row.role), joinedAt: Number(row.joined_at) }));
}

export interface ReadReceipts extends ListMembers {
  readonly seq: number;
}

export function readReceipts(
  connection: SqlConnection,
  { conversationId, seq, after, limit }: ReadReceipts,
): Awaited<ReturnType<MembershipStore['receipts']>> {
  const sums = connection.one<{ recipients: bigint; delivered: bigint; read: bigint }>(
    `SELECT count(*) AS recipients, count(*) FILTER (WHERE m.delivered_up_to >= ?2) AS delivered, count(*) FILTER (WHERE m.shared_read_up_to >= ?2) AS read
     ${RECIPIENTS}`,
    conversationId,
    seq,
  );
  const rows = connection.all<Pick<MembershipRow, 'user_id' | 'delivered_up_to' | 'shared_read_up_to'>>(
    `SELECT m.user_id, m.delivered_up_to, m.shared_read_up_to ${RECIPIENTS} AND m.user_id > ?3 ORDER BY m.user_id LIMIT ?4`,
    conversationId,
    seq,
    after === null ? BEFORE_ALL : idNumber(after),
    limit,
  );
  return {
    recipients: Number(sums?.recipients ?? 0n),
    delivered: Number(sums?.delivered ?? 0n),
    read: Number(sums?.read ?? 0n),
    items: rows.map((row) => ({
      userId: makeUserId(row.user_id),
      deliveredUpTo: Number(row.delivered_up_to),
      readUpTo: Number(row.shared_read_up_to),
    })),
  };
}

/** Members who may see the entry at a seq, without its sender, who is looked up once and not for each member. Bound values: conversation id, seq. */
const RECIPIENTS = `
  FROM conversation c JOIN membership m ON m.conversation = c.conversation
  WHERE c.id = ?1 AND m.visible_from_seq <= ?2 AND m.user_id IS NOT
    (SELECT l.sender_id FROM conversation o JOIN conversation_log l ON l.conversation = o.conversation WHERE o.id = ?1 AND l.seq = ?2)`;

export interface FindAcquaintances {
  readonly userId: UserId;
  readonly candidates: readonly UserId[];
}

export function findAcquaintances(
  connection: SqlConnection,
  { userId, candidates }: FindAcquaintances,
): ReadonlySet<UserId> {
  return new Set(
    candidates.filter((candidate) => {
      const shared = connection.one(
        `SELECT 1 FROM membership theirs JOIN membership own ON own.conversation = theirs.conversation AND own.user_id = ?
         JOIN conversation c ON c.conversation = theirs.conversation AND c.kind <> ${KINDS.codeOf('channel')} WHERE theirs.user_id = ? LIMIT 1`,
        idNumber(userId),
        idNumber(candidate),
      );
      return shared !== undefined;
    }),
  );
}

export function findThoseWhoTurnedTo(
  connection: SqlConnection,
  { userId, candidates }: FindAcquaintances,
): ReadonlySet<UserId> {
  return new Set(
    candidates.filter((candidate) => {
      const turned = connection.one(
        `SELECT 1 FROM conversation c JOIN membership own ON own.conversation = c.conversation AND own.user_id = ?
         JOIN membership theirs ON theirs.conversation = c.conversation AND theirs.user_id = ? AND theirs.took_part = 1 WHERE c.id = ?`,
        idNumber(userId),
        idNumber(candidate),
        directIdOf(userId, candidate),
      );
      return turned !== undefined;
    }),
  );
}
