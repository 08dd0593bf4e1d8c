import type { MembershipStore } from '@parley/core';
import type { EntryBody } from '@parley/protocol';
import { idNumber } from '@parley/protocol/ids';
import { ROLES } from '../../rows/columns.ts';
import { isLastOwner, memberOf, refusalOf } from '../member.ts';
import { appendEntry, openLog } from '../open-log.ts';
import type { Write } from '../write.ts';

export function changeRole(
  write: Write,
  request: Parameters<MembershipStore['changeRole']>[0],
): Awaited<ReturnType<MembershipStore['changeRole']>> {
  const { conversationId, actor, userId, role, at, roles } = request;
  const log = openLog(write, conversationId);
  const acting = log && memberOf(write, log, actor);
  if (log === undefined || acting === undefined) return { kind: 'not_a_member' };
  const refusal = refusalOf(acting, roles);
  if (refusal !== undefined) return refusal;
  const target = memberOf(write, log, userId);
  if (target === undefined) return { kind: 'target_missing' };
  const isOwner = (code: bigint) => ROLES.wordOf(code) === 'owner';
  if (!isOwner(acting.role) && (isOwner(target.role) || role === 'owner')) return { kind: 'role_too_low' };
  if (role !== 'owner' && isLastOwner(write, log, target)) return { kind: 'last_owner' };

  write.connection.run(
    'UPDATE membership SET role = ? WHERE conversation = ? AND user_id = ?',
    ROLES.codeOf(role),
    log.conversation,
    idNumber(userId),
  );
  const body: EntryBody = { type: 'member_role_changed', user_id: userId, role };
  const { seq, count } = appendEntry(write, log, { senderId: actor, createdAt: at, body });
  const header = { conversation_id: conversationId, seq, count, created_at: at, sender_id: actor };
  return { kind: 'changed', entry: { ...header, ...body } };
}
