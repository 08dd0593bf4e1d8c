import type { MembershipStore } from '@parley/core';
import type { EntryBody, LogEntry } from '@parley/protocol';
import { idNumber } from '@parley/protocol/ids';
import { ROLES } from '../../rows/columns.ts';
import { changeMemberCount, isLastOwner, memberOf, refusalOf } from '../member.ts';
import { appendEntry, type OpenLog, openLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

export function removeMember(
  write: Write,
  request: Parameters<MembershipStore['remove']>[0],
): Awaited<ReturnType<MembershipStore['remove']>> {
  const { conversationId, actor, userId, reason, roles } = request;
  const log = openLog(write, conversationId);
  const acting = log && memberOf(write, log, actor);
  if (log === undefined || acting === undefined) return { kind: 'not_a_member' };
  if (roles === 'self' && actor !== userId) return { kind: 'role_too_low' };
  const refusal = roles === 'self' ? undefined : refusalOf(acting, roles);
  if (refusal !== undefined) return refusal;
  const target = memberOf(write, log, userId);
  if (target === undefined) return { kind: 'target_missing' };
  const isOwner = (role: bigint) => ROLES.wordOf(role) === 'owner';
  if (isOwner(target.role) && !isOwner(acting.role)) return { kind: 'role_too_low' };
  if (isLastOwner(write, log, target)) return { kind: 'last_owner' };

  const entry = takeOut(write, log, request);
  appendUserFact(write, userId, { type: 'conversation_left', conversationId, reason }, log.conversation);
  return { kind: 'changed', entry };
}

/** Ends a membership and tells the log. */
export function takeOut(
  write: Write,
  log: OpenLog,
  { actor, userId, reason, at }: Pick<Parameters<MembershipStore['remove']>[0], 'actor' | 'userId' | 'reason' | 'at'>,
): LogEntry {
  for (const table of ['membership', 'hidden']) {
    const sql = `DELETE FROM ${table} WHERE conversation = ? AND user_id = ?`;
    write.connection.run(sql, log.conversation, idNumber(userId));
  }
  changeMemberCount(write, log, -1);
  const body: EntryBody = { type: 'member_removed', user_id: userId, reason };
  const { seq, count } = appendEntry(write, log, { senderId: actor, createdAt: at, body });
  return { ...body, conversation_id: log.conversationId, seq, count, created_at: at, sender_id: actor };
}
