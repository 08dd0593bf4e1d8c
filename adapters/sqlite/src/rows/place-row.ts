import type { Invitation, PlaceDecisions } from '@parley/core';
import { numberOrNull } from './columns.ts';

export interface PlaceRow {
  readonly name: string | null;
  readonly registration: string | null;
}

/** No row: nothing has been decided. */
export function placeOfRow(row: PlaceRow | undefined): PlaceDecisions {
  const registration = row?.registration;
  return {
    name: row?.name ?? null,
    registration: registration === 'open' || registration === 'invitation' ? registration : null,
  };
}

export interface InvitationRow {
  readonly invitation_id: string;
  readonly uses: bigint;
  readonly uses_max: bigint;
  readonly created_at: bigint;
  readonly expires_at: bigint | null;
}

export const invitationOfRow = (row: InvitationRow): Invitation => ({
  invitationId: row.invitation_id,
  uses: Number(row.uses),
  usesMax: Number(row.uses_max),
  createdAt: Number(row.created_at),
  expiresAt: numberOrNull(row.expires_at),
});
