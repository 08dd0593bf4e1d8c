import type { Invitation, PlaceDecisions } from '@parley/core';
import { type InvitationRow, invitationOfRow, type PlaceRow, placeOfRow } from '../../rows/place-row.ts';
import type { SqlConnection } from '../../sql-connection.ts';

export function readPlace(connection: SqlConnection): PlaceDecisions {
  return placeOfRow(connection.one<PlaceRow>('SELECT name, registration FROM place'));
}

export function listInvitations(connection: SqlConnection): readonly Invitation[] {
  return connection
    .all<InvitationRow>('SELECT * FROM invitation ORDER BY created_at DESC, invitation_id')
    .map(invitationOfRow);
}

export function storedBytes(connection: SqlConnection): number {
  const row = connection.one<{ bytes: bigint }>(
    'SELECT p.page_count * s.page_size AS bytes FROM pragma_page_count p, pragma_page_size s',
  );
  return Number(row?.bytes ?? 0n);
}
