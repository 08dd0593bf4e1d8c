import type { MembershipStore } from '@parley/core';
import { conversationKindOf } from '@parley/protocol/ids';
import { changeMemberCount, insertMember, memberOf, refusalOf, unknownUserIn } from '../member.ts';
import { appendEntry, openLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

export function addMembers(
  write: Write,
  request: Parameters<MembershipStore['add']>[0],
): Awaited<ReturnType<MembershipStore['add']>> {
  const { conversationId, actor, at, roles } = request;
  const log = openLog(write, conversationId);
  if (log === undefined) return { kind: 'not_a_member' };
  const refusal = roles === 'self' ? undefined : refusalOf(memberOf(write, log, actor), roles);
  if (refusal !== undefined) return refusal;
  const added = [...new Set(request.userIds)].filter((userId) => memberOf(write, log, userId) === undefined);
  if (added.length === 0) return { kind: 'unchanged' };
  const unknown = unknownUserIn(write, added);
  if (unknown !== undefined) return { kind: 'unknown_user', userId: unknown };
  const row = write.connection.one<{ members: bigint }>(
    'SELECT member_count AS members FROM conversation WHERE conversation = ?',
    log.conversation,
  );
  const memberCount = Number(row?.members ?? 0n) + added.length;
  if (memberCount > request.membersMax) return { kind: 'too_many_members' };

  const body = { type: 'member_added', user_ids: added } as const;
  const { seq, count } = appendEntry(write, log, { senderId: actor, createdAt: at, body });
  const grown = { ...log, headSeq: seq, messageCount: count };
  const visibleFromSeq = conversationKindOf(conversationId) === 'group' ? seq : 1;
  for (const userId of added) {
    insertMember(write, grown, { userId, role: 'member', joinedAt: at, visibleFromSeq, memberCount, isMaker: false });
    appendUserFact(write, userId, { type: 'conversation_joined', conversationId }, log.conversation);
  }
  changeMemberCount(write, log, added.length);
  const header = { conversation_id: conversationId, seq, count, created_at: at, sender_id: actor };
  return { kind: 'changed', entry: { ...header, ...body } };
}
