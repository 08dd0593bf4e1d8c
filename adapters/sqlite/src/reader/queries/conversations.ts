import type { ConversationRecord, ConversationStore, ConversationView, Head, ListPlace } from '@parley/core';
import type { User } from '@parley/protocol';
import { type ConversationId, idNumber, isDirectId, type UserId, usersOfDirect } from '@parley/protocol/ids';
import { USER_COLUMNS, type UserRow, userOfRow } from '../../rows/account-row.ts';
import { endOfPrefix, flagOf } from '../../rows/columns.ts';
import {
  CONVERSATION_COLUMNS,
  type ConversationRow,
  conversationOfRow,
  HEAD_COLUMNS,
  type HeadRow,
  headOfRow,
} from '../../rows/conversation-row.ts';
import {
  MEMBERSHIP_COLUMNS,
  type MembershipRow,
  membershipOfRow,
  smallestCursorSql,
} from '../../rows/membership-row.ts';
import type { SqlConnection } from '../../sql-connection.ts';
import { lastMessage } from './messages.ts';

export function findConversation(
  connection: SqlConnection,
  conversationId: ConversationId,
): ConversationRecord | undefined {
  const row = connection.one<ConversationRow>(
    `SELECT ${CONVERSATION_COLUMNS} FROM conversation c WHERE c.id = ?`,
    conversationId,
  );
  return row && conversationOfRow(row);
}

export function heads(
  connection: SqlConnection,
  conversationIds: readonly ConversationId[],
): ReadonlyMap<ConversationId, Head> {
  const rows = connection.all<HeadRow & { id: ConversationId }>(
    `SELECT c.id, ${HEAD_COLUMNS} FROM json_each(?) j JOIN conversation c ON c.id = j.value JOIN head h ON h.conversation = c.conversation`,
    JSON.stringify(conversationIds),
  );
  return new Map(rows.map((row) => [row.id, headOfRow(row)]));
}

interface ViewRow extends ConversationRow, MembershipRow, HeadRow {
  readonly delivered_by_all: bigint;
  readonly read_by_all: bigint;
}

const VIEW_ROWS = `
  SELECT ${CONVERSATION_COLUMNS}, ${HEAD_COLUMNS}, ${MEMBERSHIP_COLUMNS},
    ${smallestCursorSql('delivered_up_to')} AS delivered_by_all, ${smallestCursorSql('shared_read_up_to')} AS read_by_all
  FROM membership m JOIN head h ON h.conversation = m.conversation JOIN conversation c ON c.conversation = m.conversation
  WHERE m.user_id = ?1`;

export interface ViewConversation {
  readonly conversationId: ConversationId;
  readonly viewer: UserId;
}

export function viewConversation(
  connection: SqlConnection,
  { conversationId, viewer }: ViewConversation,
): ConversationView | undefined {
  const row = connection.one<ViewRow>(`${VIEW_ROWS} AND c.id = ?2`, idNumber(viewer), conversationId);
  return row && viewOfRow(connection, viewer, row);
}

export interface ListConversations {
  readonly viewer: UserId;
  readonly options: Parameters<ConversationStore['list']>[1];
}

/** Before every place that a conversation can have: newest first. */
const START: ListPlace = { lastActivityAt: Number.MAX_SAFE_INTEGER, conversationId: '' as ConversationId };

export function listConversations(
  connection: SqlConnection,
  { viewer, options }: ListConversations,
): readonly ConversationView[] {
  const { lastActivityAt, conversationId } = options.after ?? START;
  const rows = connection.all<ViewRow>(
    `${VIEW_ROWS} AND (h.last_activity_at, c.id) < (?2, ?3) AND (?4 IS NULL OR m.archived = ?4)
     ORDER BY h.last_activity_at DESC, c.id DESC LIMIT ?5`,
    idNumber(viewer),
    lastActivityAt,
    conversationId,
    options.archived === undefined ? null : flagOf(options.archived),
    options.limit,
  );
  return rows.map((row) => viewOfRow(connection, viewer, row));
}

function viewOfRow(connection: SqlConnection, viewer: UserId, row: ViewRow): ConversationView {
  const view = { conversationId: row.id, conversation: row.conversation, viewer };
  return {
    record: conversationOfRow(row),
    head: headOfRow(row),
    membership: membershipOfRow(row.id, row),
    lastMessage: lastMessage(connection, view, row.message_seq, row.visible_from_seq),
    peer: peerOf(connection, row.id, viewer),
    deliveredByAllUpTo: Number(row.delivered_by_all),
    readByAllUpTo: Number(row.read_by_all),
  };
}

function peerOf(connection: SqlConnection, conversationId: ConversationId, viewer: UserId): User | null {
  if (!isDirectId(conversationId)) return null;
  const [first, second] = usersOfDirect(conversationId);
  const peer = idNumber(first === viewer ? second : first);
  const row = connection.one<UserRow>(`SELECT ${USER_COLUMNS} FROM account a WHERE a.user_id = ?`, peer);
  return row === undefined ? null : userOfRow(row);
}

export interface SearchChannels {
  readonly query: string;
  readonly after: Parameters<ConversationStore['publicChannels']>[1];
  readonly limit: number;
}

export function searchChannels(
  connection: SqlConnection,
  { query, after, limit }: SearchChannels,
): readonly ConversationRecord[] {
  const prefix = query.toLowerCase();
  const rows = connection.all<ConversationRow>(
    `SELECT ${CONVERSATION_COLUMNS} FROM conversation c
     WHERE c.channel_key >= ?1 AND c.channel_key < ?2 AND (c.channel_key, c.id) > (?3, ?4) ORDER BY c.channel_key, c.id LIMIT ?5`,
    prefix,
    endOfPrefix(prefix),
    after?.name.toLowerCase() ?? '',
    after?.conversationId ?? '',
    limit,
  );
  return rows.map(conversationOfRow);
}

/** For an operator: the conversations that were active last, of all users. */
export function listActiveConversations(
  connection: SqlConnection,
  limit: number,
): readonly { readonly record: ConversationRecord; readonly head: Head }[] {
  const rows = connection.all<ConversationRow & HeadRow>(
    `SELECT ${CONVERSATION_COLUMNS}, ${HEAD_COLUMNS} FROM conversation c JOIN head h ON h.conversation = c.conversation
     ORDER BY h.last_activity_at DESC, c.id DESC LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({ record: conversationOfRow(row), head: headOfRow(row) }));
}
