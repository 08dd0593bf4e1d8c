import type { MailboxRecord } from '@parley/core';
import { makeDeviceId, makeUserId } from '@parley/protocol/ids';

export const MAILBOX_COLUMNS = 'b.device_id, b.seq, b.sender_id, b.sender_device_id, b.created_at, b.payload';

export interface MailboxRow {
  readonly device_id: bigint;
  readonly seq: bigint;
  readonly sender_id: bigint;
  readonly sender_device_id: bigint;
  readonly created_at: bigint;
  readonly payload: string;
}

export function mailboxRecordOfRow(row: MailboxRow): MailboxRecord {
  return {
    deviceId: makeDeviceId(row.device_id),
    seq: Number(row.seq),
    senderId: makeUserId(row.sender_id),
    senderDeviceId: makeDeviceId(row.sender_device_id),
    createdAt: Number(row.created_at),
    payload: row.payload,
  };
}
