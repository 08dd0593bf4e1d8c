import type { Invitation, PlaceDecisions } from '@parley/core';
import { type PlaceRow, placeOfRow } from '../../rows/place-row.ts';
import type { Write } from '../write.ts';

export function decidePlace(write: Write, change: Partial<PlaceDecisions>): PlaceDecisions {
  const before = placeOfRow(write.connection.one<PlaceRow>('SELECT name, registration FROM place'));
  const after = { ...before, ...change };
  write.connection.run(
    `INSERT INTO place (one, name, registration) VALUES (1, ?1, ?2)
     ON CONFLICT (one) DO UPDATE SET name = excluded.name, registration = excluded.registration`,
    after.name,
    after.registration,
  );
  return after;
}

export interface Invite {
  readonly invitation: Omit<Invitation, 'uses'>;
  readonly invitationsMax: number;
}

export function invite(write: Write, { invitation, invitationsMax }: Invite): boolean {
  write.connection.run('DELETE FROM invitation WHERE expires_at <= ?', invitation.createdAt);
  const row = write.connection.one<{ held: bigint }>('SELECT count(*) AS held FROM invitation');
  if (Number(row?.held ?? 0n) >= invitationsMax) return false;
  write.connection.run(
    'INSERT INTO invitation (invitation_id, uses, uses_max, created_at, expires_at) VALUES (?, 0, ?, ?, ?)',
    invitation.invitationId,
    invitation.usesMax,
    invitation.createdAt,
    invitation.expiresAt,
  );
  return true;
}

export function withdrawInvitation(write: Write, invitationId: string): boolean {
  const sql = 'DELETE FROM invitation WHERE invitation_id = ? RETURNING 1 AS one';
  return write.connection.one(sql, invitationId) !== undefined;
}

export interface RedeemInvitation {
  readonly invitationId: string;
  readonly at: number;
}

export function redeemInvitation(write: Write, { invitationId, at }: RedeemInvitation): boolean {
  const counted = write.connection.one(
    `UPDATE invitation SET uses = uses + 1
     WHERE invitation_id = ? AND uses < uses_max AND (expires_at IS NULL OR expires_at > ?) RETURNING 1 AS one`,
    invitationId,
    at,
  );
  return counted !== undefined;
}

export function giveInvitationBack(write: Write, invitationId: string): void {
  write.connection.run('UPDATE invitation SET uses = uses - 1 WHERE invitation_id = ? AND uses > 0', invitationId);
}
