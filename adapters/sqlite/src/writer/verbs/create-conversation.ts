import type { ConversationStore, CreateConversation } from '@parley/core';
import type { EntryBody, LogEntry, Role } from '@parley/protocol';
import { type ConversationId, idNumber, type UserId } from '@parley/protocol/ids';
import { KINDS, uuidBytes, VISIBILITIES } from '../../rows/columns.ts';
import { channelKeyOf } from '../../rows/conversation-row.ts';
import { storedFingerprint } from '../../rows/fingerprint.ts';
import { insertMember, unknownUserIn } from '../member.ts';
import { appendEntry, type OpenLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

type CreateOutcome = Awaited<ReturnType<ConversationStore['create']>>;

export function createConversation(write: Write, request: CreateConversation): CreateOutcome {
  const first = outcomeOfFirst(write, request);
  if (first !== undefined) return first;
  const members = new Map<UserId, Role>(request.members.map(({ userId, role }) => [userId, role]));
  if (members.size > request.membersMax) return { kind: 'too_many_members' };
  const userId = unknownUserIn(write, [...members.keys()]);
  if (userId !== undefined) return { kind: 'unknown_user', userId };

  const created = insertConversation(write, request, members.size);
  const entries: LogEntry[] = [];
  let log = created;
  for (const body of openingEntriesOf(request, [...members.keys()])) {
    const { createdBy: senderId, createdAt } = request.record;
    const { seq, count } = appendEntry(write, log, { senderId, createdAt, body });
    const header = { conversation_id: log.conversationId, seq, count, created_at: createdAt, sender_id: senderId };
    entries.push({ ...header, ...body });
    log = { ...log, headSeq: seq, messageCount: count };
  }
  for (const [member, role] of members) {
    const { createdAt: joinedAt, createdBy } = request.record;
    const isMaker = member === createdBy;
    insertMember(write, log, { userId: member, role, joinedAt, visibleFromSeq: 1, memberCount: members.size, isMaker });
    const { conversationId } = log;
    appendUserFact(write, member, { type: 'conversation_joined', conversationId }, log.conversation);
  }
  return { kind: 'created', entries };
}

function outcomeOfFirst(write: Write, { record, key }: CreateConversation): CreateOutcome | undefined {
  if (key === null) {
    const { conversationId } = record;
    const row = write.connection.one('SELECT 1 FROM conversation WHERE id = ?', conversationId);
    return row === undefined ? undefined : { kind: 'exists', conversationId };
  }
  const row = write.connection.one<{ id: ConversationId; fingerprint: Uint8Array }>(
    `SELECT c.id, k.fingerprint FROM creation k JOIN conversation c ON c.conversation = k.conversation
     WHERE k.creator_id = ? AND k.client_msg_id = ?`,
    idNumber(record.createdBy),
    uuidBytes(key.clientMsgId),
  );
  if (row === undefined) return undefined;
  if (!storedFingerprint(key.fingerprint).equals(row.fingerprint)) return { kind: 'key_reused' };
  return { kind: 'exists', conversationId: row.id };
}

function insertConversation(write: Write, { record, key }: CreateConversation, memberCount: number): OpenLog {
  const row = write.connection.one<{ conversation: bigint }>(
    `INSERT INTO conversation (id, kind, name, description, avatar_url, visibility, created_at, created_by, member_count, channel_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING conversation`,
    record.conversationId,
    KINDS.codeOf(record.kind),
    record.name,
    record.description,
    record.avatarUrl,
    VISIBILITIES.codeOf(record.visibility),
    record.createdAt,
    idNumber(record.createdBy),
    memberCount,
    channelKeyOf(record),
  );
  if (row === undefined) throw new Error('INSERT … RETURNING gave no row.');
  const { conversation } = row;
  write.connection.run(
    'INSERT INTO head (conversation, seq, count, message_seq, last_activity_at) VALUES (?, 0, 0, 0, ?)',
    conversation,
    record.createdAt,
  );
  if (key !== null) {
    write.connection.run(
      'INSERT INTO creation (creator_id, client_msg_id, fingerprint, conversation) VALUES (?, ?, ?, ?)',
      idNumber(record.createdBy),
      uuidBytes(key.clientMsgId),
      storedFingerprint(key.fingerprint),
      conversation,
    );
  }
  return { conversationId: record.conversationId, conversation, headSeq: 0, messageCount: 0 };
}

/** The creation, and who was there from the start. Both users of a direct conversation are in its id already. */
function openingEntriesOf({ record }: CreateConversation, members: readonly UserId[]): EntryBody[] {
  const created: EntryBody = {
    type: 'conversation_created',
    kind: record.kind,
    ...(record.name === null ? {} : { name: record.name }),
    ...(record.description === null ? {} : { description: record.description }),
    ...(record.kind === 'channel' ? { visibility: record.visibility } : {}),
  };
  const others = members.filter((userId) => userId !== record.createdBy);
  if (record.kind === 'direct' || others.length === 0) return [created];
  return [created, { type: 'member_added', user_ids: others }];
}
