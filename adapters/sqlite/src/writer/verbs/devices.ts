import type { DeviceRecord, DeviceStore, RefreshToken } from '@parley/core';
import { type DeviceId, idNumber, makeDeviceId, type UserId } from '@parley/protocol/ids';
import { DEVICE_COLUMNS, type DeviceRow, deviceOfRow } from '../../rows/device-row.ts';
import { removeDevice } from '../remove-device.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

export interface CreateDevice {
  readonly device: DeviceRecord;
  readonly refresh: RefreshToken;
  readonly devicesMax: number;
}

export function createDevice(
  write: Write,
  { device, refresh, devicesMax }: CreateDevice,
): Awaited<ReturnType<DeviceStore['create']>> {
  const others = write.connection.all<{ device_id: bigint }>(
    'SELECT device_id FROM device WHERE user_id = ? ORDER BY last_active_at, device_id',
    idNumber(device.userId),
  );
  const revoked = others
    .slice(0, Math.max(0, others.length + 1 - devicesMax))
    .map(({ device_id }) => makeDeviceId(device_id));
  for (const deviceId of revoked) revoke(write, device.userId, deviceId);

  write.connection.run(
    `INSERT INTO device (device_id, user_id, name, created_at, last_active_at, generation, mailbox_head) VALUES (?, ?, ?, ?, ?, 0, 0)`,
    idNumber(device.deviceId),
    idNumber(device.userId),
    device.name,
    device.createdAt,
    device.lastActiveAt,
  );
  insertToken(write, device.deviceId, refresh, 0n);
  appendUserFact(write, device.userId, { type: 'devices_changed', deviceId: device.deviceId, change: 'added' }, null);
  return { revoked };
}

export interface RevokeDevice {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

export function revokeDevice(write: Write, { userId, deviceId }: RevokeDevice): boolean {
  const isTheirs = write.connection.one(
    'SELECT 1 FROM device WHERE device_id = ? AND user_id = ?',
    idNumber(deviceId),
    idNumber(userId),
  );
  if (isTheirs === undefined) return false;
  revoke(write, userId, deviceId);
  return true;
}

export interface RotateToken {
  readonly digest: string;
  readonly next: RefreshToken;
  readonly at: number;
  readonly graceMs: number;
}

interface TokenRow extends DeviceRow {
  readonly token_generation: bigint;
  readonly device_generation: bigint;
  readonly expires_at: bigint;
  readonly replaced_at: bigint | null;
}

/** The current token has the generation of its device. An exchange raises it; a repeated exchange within the grace gives a sibling of the same generation. */
export function rotateToken(
  write: Write,
  { digest, next, at, graceMs }: RotateToken,
): Awaited<ReturnType<DeviceStore['rotate']>> {
  const token = write.connection.one<TokenRow>(
    `SELECT ${DEVICE_COLUMNS}, t.generation AS token_generation, d.generation AS device_generation, t.expires_at, t.replaced_at
     FROM refresh_token t JOIN device d ON d.device_id = t.device_id WHERE t.digest = ?`,
    Buffer.from(digest, 'hex'),
  );
  if (token === undefined) return { kind: 'unknown' };
  const device = { ...deviceOfRow(token), lastActiveAt: at };
  const isCurrent = token.replaced_at === null;
  const isWithinGrace =
    token.token_generation >= token.device_generation - 1n && at - Number(token.replaced_at ?? 0n) <= graceMs;
  if (!isCurrent && !isWithinGrace) {
    revoke(write, device.userId, device.deviceId);
    return { kind: 'reused', device: deviceOfRow(token) };
  }
  if (Number(token.expires_at) <= at) return { kind: 'expired' };
  const generation = isCurrent ? token.device_generation + 1n : token.device_generation;
  replaceToken(write, device, next, generation, at);
  return { kind: isCurrent ? 'rotated' : 'grace', device };
}

function replaceToken(write: Write, device: DeviceRecord, next: RefreshToken, generation: bigint, at: number): void {
  const id = idNumber(device.deviceId);
  write.connection.run('UPDATE refresh_token SET replaced_at = ? WHERE device_id = ? AND replaced_at IS NULL', at, id);
  // An expired token is of no use to a thief either: forgetting it bounds what a device leaves behind.
  write.connection.run('DELETE FROM refresh_token WHERE device_id = ? AND expires_at <= ?', id, at);
  write.connection.run(
    'UPDATE device SET generation = ?, last_active_at = max(last_active_at, ?) WHERE device_id = ?',
    generation,
    at,
    id,
  );
  insertToken(write, device.deviceId, next, generation);
}

function insertToken(write: Write, deviceId: DeviceId, token: RefreshToken, generation: bigint): void {
  write.connection.run(
    'INSERT INTO refresh_token (digest, device_id, generation, expires_at, replaced_at) VALUES (?, ?, ?, ?, NULL)',
    Buffer.from(token.digest, 'hex'),
    idNumber(deviceId),
    generation,
    token.expiresAt,
  );
}

function revoke(write: Write, userId: UserId, deviceId: DeviceId): void {
  removeDevice(write, deviceId);
  appendUserFact(write, userId, { type: 'devices_changed', deviceId, change: 'removed' }, null);
}
