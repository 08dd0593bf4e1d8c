import type { DeviceRecord, Mailbox } from '@parley/core';
import { type DeviceId, idNumber, type UserId } from '@parley/protocol/ids';
import { DEVICE_COLUMNS, type DeviceRow, deviceOfRow } from '../../rows/device-row.ts';
import { MAILBOX_COLUMNS, type MailboxRow, mailboxRecordOfRow } from '../../rows/mailbox-row.ts';
import type { SqlConnection } from '../../sql-connection.ts';

export function listDevices(connection: SqlConnection, userId: UserId): readonly DeviceRecord[] {
  const sql = `SELECT ${DEVICE_COLUMNS} FROM device d WHERE d.user_id = ? ORDER BY d.device_id`;
  return connection.all<DeviceRow>(sql, idNumber(userId)).map(deviceOfRow);
}

export function findDevice(connection: SqlConnection, deviceId: DeviceId): DeviceRecord | undefined {
  const sql = `SELECT ${DEVICE_COLUMNS} FROM device d WHERE d.device_id = ?`;
  const row = connection.one<DeviceRow>(sql, idNumber(deviceId));
  return row && deviceOfRow(row);
}

export function countOneTimeKeys(connection: SqlConnection, deviceId: DeviceId): number {
  const sql = 'SELECT count(*) AS keys FROM one_time_key WHERE device_id = ?';
  return Number(connection.one<{ keys: bigint }>(sql, idNumber(deviceId))?.keys ?? 0n);
}

export interface ReadMailbox {
  readonly deviceId: DeviceId;
  readonly afterSeq: number;
  readonly limit: number;
}

export function readMailbox(
  connection: SqlConnection,
  { deviceId, afterSeq, limit }: ReadMailbox,
): Awaited<ReturnType<Mailbox['readAfter']>> {
  const device = idNumber(deviceId);
  const rows = connection.all<MailboxRow>(
    `SELECT ${MAILBOX_COLUMNS} FROM mailbox b WHERE b.device_id = ? AND b.seq > ? ORDER BY b.seq LIMIT ?`,
    device,
    afterSeq,
    limit,
  );
  const head = connection.one<{ seq: bigint }>('SELECT mailbox_head AS seq FROM device WHERE device_id = ?', device);
  return { records: rows.map(mailboxRecordOfRow), headSeq: Number(head?.seq ?? 0n) };
}

export function mailboxHeads(connection: SqlConnection, deviceIds: readonly DeviceId[]): ReadonlyMap<DeviceId, number> {
  const rows = connection.all<{ place: bigint; seq: bigint }>(
    `SELECT j.key AS place, d.mailbox_head AS seq FROM json_each(?) j JOIN device d ON d.device_id = j.value
     WHERE d.mailbox_head > 0`,
    `[${deviceIds.map(idNumber).join()}]`,
  );
  const heads = new Map<DeviceId, number>();
  for (const { place, seq } of rows) {
    const deviceId = deviceIds[Number(place)];
    if (deviceId !== undefined) heads.set(deviceId, Number(seq));
  }
  return heads;
}
