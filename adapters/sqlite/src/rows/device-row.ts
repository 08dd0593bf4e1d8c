import type { DeviceRecord } from '@parley/core';
import { makeDeviceId, makeUserId } from '@parley/protocol/ids';

export const DEVICE_COLUMNS = 'd.device_id, d.user_id, d.name, d.created_at, d.last_active_at';

export interface DeviceRow {
  readonly device_id: bigint;
  readonly user_id: bigint;
  readonly name: string;
  readonly created_at: bigint;
  readonly last_active_at: bigint;
}

export function deviceOfRow(row: DeviceRow): DeviceRecord {
  return {
    deviceId: makeDeviceId(row.device_id),
    userId: makeUserId(row.user_id),
    name: row.name,
    createdAt: Number(row.created_at),
    lastActiveAt: Number(row.last_active_at),
  };
}
