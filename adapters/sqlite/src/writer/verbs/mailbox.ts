import type { Mailbox, MailboxPut, MailboxRecord } from '@parley/core';
import { type DeviceId, idNumber } from '@parley/protocol/ids';
import { uuidBytes } from '../../rows/columns.ts';
import type { Write } from '../write.ts';

type PutRequest = Parameters<Mailbox['put']>[0];

export function putMailbox(write: Write, request: PutRequest): Awaited<ReturnType<Mailbox['put']>> {
  const key = [idNumber(request.senderDeviceId), uuidBytes(request.clientMsgId)] as const;
  const sql = 'SELECT 1 FROM mailbox_put WHERE sender_device_id = ? AND client_msg_id = ?';
  if (write.connection.one(sql, ...key) !== undefined) return { kind: 'duplicate' };
  if (request.items.some((item) => !isDeviceOfItsUser(write, item))) return { kind: 'devices_changed' };
  const itemsOf = Map.groupBy(request.items, ({ deviceId }) => deviceId);
  for (const [deviceId, items] of itemsOf) {
    if (waitingItems(write, deviceId) + items.length > request.itemsMax) return { kind: 'mailbox_full' };
  }

  write.connection.run('INSERT INTO mailbox_put (sender_device_id, client_msg_id) VALUES (?, ?)', ...key);
  return { kind: 'stored', records: request.items.map((item) => insertItem(write, request, item)) };
}

export interface AcknowledgeMailbox {
  readonly deviceId: DeviceId;
  readonly upTo: number;
}

export function acknowledgeMailbox(write: Write, { deviceId, upTo }: AcknowledgeMailbox): void {
  write.connection.run('DELETE FROM mailbox WHERE device_id = ? AND seq <= ?', idNumber(deviceId), upTo);
}

function isDeviceOfItsUser(write: Write, { deviceId, userId }: MailboxPut): boolean {
  const sql = 'SELECT 1 FROM device WHERE device_id = ? AND user_id = ?';
  return write.connection.one(sql, idNumber(deviceId), idNumber(userId)) !== undefined;
}

/** Items leave from the front only, so first and last seq give their number without counting. */
function waitingItems(write: Write, deviceId: DeviceId): number {
  const row = write.connection.one<{ first: bigint | null; head: bigint }>(
    `SELECT (SELECT min(seq) FROM mailbox WHERE device_id = ?1) AS first, mailbox_head AS head FROM device WHERE device_id = ?1`,
    idNumber(deviceId),
  );
  return row === undefined || row.first === null ? 0 : Number(row.head - row.first) + 1;
}

function insertItem(write: Write, request: PutRequest, item: MailboxPut): MailboxRecord {
  const device = idNumber(item.deviceId);
  const row = write.connection.one<{ seq: bigint }>(
    'UPDATE device SET mailbox_head = mailbox_head + 1 WHERE device_id = ? RETURNING mailbox_head AS seq',
    device,
  );
  if (row === undefined) throw new Error('A device vanished within one transaction.');
  const { senderId, senderDeviceId, createdAt } = request;
  write.connection.run(
    'INSERT INTO mailbox (device_id, seq, sender_id, sender_device_id, created_at, payload) VALUES (?, ?, ?, ?, ?, ?)',
    device,
    row.seq,
    idNumber(senderId),
    idNumber(senderDeviceId),
    createdAt,
    item.payload,
  );
  return { deviceId: item.deviceId, seq: Number(row.seq), senderId, senderDeviceId, createdAt, payload: item.payload };
}
