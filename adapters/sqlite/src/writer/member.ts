import type { ChangeOutcome } from '@parley/core';
import type { Role } from '@parley/protocol';
import { idNumber, type UserId } from '@parley/protocol/ids';
import { flagOf, ROLES } from '../rows/columns.ts';
import { CROWD_MEMBERS, MEMBERSHIP_COLUMNS, type MembershipRow } from '../rows/membership-row.ts';
import type { OpenLog } from './open-log.ts';
import type { Write } from './write.ts';

export function memberOf(write: Write, log: OpenLog, userId: UserId): MembershipRow | undefined {
  return write.connection.one<MembershipRow>(
    `SELECT ${MEMBERSHIP_COLUMNS} FROM membership m WHERE m.conversation = ? AND m.user_id = ?`,
    log.conversation,
    idNumber(userId),
  );
}

/** Undefined: the actor may act. */
export function refusalOf(
  actor: Pick<MembershipRow, 'role'> | undefined,
  roles: readonly Role[],
): Extract<ChangeOutcome, { kind: 'not_a_member' | 'role_too_low' }> | undefined {
  if (actor === undefined) return { kind: 'not_a_member' };
  return roles.includes(ROLES.wordOf(actor.role)) ? undefined : { kind: 'role_too_low' };
}

export interface NewMember {
  readonly userId: UserId;
  readonly role: Role;
  readonly joinedAt: number;
  readonly visibleFromSeq: number;
  /** Of the conversation with all who come with this member. */
  readonly memberCount: number;
  readonly isMaker: boolean;
}

/** Inserts a member whose cursors are at the head: what was before the joining is not unread. */
export function insertMember(write: Write, log: OpenLog, member: NewMember): void {
  write.connection.run(
    `INSERT INTO membership (conversation, user_id, role, joined_at, visible_from_seq, delivered_up_to, read_up_to, shared_read_up_to, read_count,
       archived, pinned, muted_until, notifications, in_crowd, took_part)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7, 0, 0, NULL, 1, ?8, ?9)`,
    log.conversation,
    idNumber(member.userId),
    ROLES.codeOf(member.role),
    member.joinedAt,
    member.visibleFromSeq,
    log.headSeq,
    log.messageCount,
    flagOf(member.memberCount > CROWD_MEMBERS),
    flagOf(member.isMaker),
  );
}

export function changeMemberCount(write: Write, log: OpenLog, by: number): void {
  const row = write.connection.one<{ member_count: bigint }>(
    'UPDATE conversation SET member_count = member_count + ? WHERE conversation = ? RETURNING member_count',
    by,
    log.conversation,
  );
  const after = Number(row?.member_count ?? 0n);
  if (after <= CROWD_MEMBERS || after - by > CROWD_MEMBERS) return;
  write.connection.run('UPDATE membership SET in_crowd = 1 WHERE conversation = ? AND in_crowd = 0', log.conversation);
}

/** Whether others than this owner are left and none of them is an owner (MEMB-2). */
export function isLastOwner(write: Write, log: OpenLog, owner: MembershipRow): boolean {
  if (ROLES.wordOf(owner.role) !== 'owner') return false;
  const row = write.connection.one<{ others: bigint; owners: bigint }>(
    `SELECT (SELECT member_count - 1 FROM conversation WHERE conversation = ?1) AS others,
       (SELECT count(*) FROM membership WHERE conversation = ?1 AND role = 3) AS owners`,
    log.conversation,
  );
  return row !== undefined && row.others > 0n && row.owners === 1n;
}

/** The first of the ids that is no account, or a deleted one. */
export function unknownUserIn(write: Write, userIds: readonly UserId[]): UserId | undefined {
  return userIds.find((userId) => {
    const sql = 'SELECT 1 FROM account WHERE user_id = ? AND deleted_at IS NULL';
    return write.connection.one(sql, idNumber(userId)) === undefined;
  });
}
