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
}

interface TokenRow extends DeviceRow {
  readonly token_generation: bigint;
  readonly device_generation: bigint;
  readonly expires_at: bigint;
  readonly is_exchanged: bigint;
}

const SUCCESSORS_MAX = 20;

/** An exchange raises the generation of the device; a repeated exchange gives one more token of the same generation. */
export function rotateToken(
  write: Write,
  { digest, next, at }: RotateToken,
): Awaited<ReturnType<DeviceStore['rotate']>> {
  const token = write.connection.one<TokenRow>(
    `SELECT ${DEVICE_COLUMNS}, t.generation AS token_generation, d.generation AS device_generation, t.expires_at, t.is_exchanged
     FROM refresh_token t JOIN device d ON d.device_id = t.device_id WHERE t.digest = ?`,
    Buffer.from(digest, 'hex'),
  );
  if (token === undefined) return { kind: 'unknown' };
  const device = { ...deviceOfRow(token), lastActiveAt: at };
  const { token_generation, device_generation } = token;
  const isCurrent = token_generation === device_generation;
  const isRepeated = token_generation === device_generation - 1n && token.is_exchanged === 1n;
  if (!isCurrent && !isRepeated) {
    revoke(write, device.userId, device.deviceId);
    return { kind: 'reused', device: deviceOfRow(token) };
  }
  if (Number(token.expires_at) <= at) return { kind: 'expired' };
  const id = idNumber(device.deviceId);
  write.connection.run('UPDATE refresh_token SET is_exchanged = 1 WHERE digest = ?', Buffer.from(digest, 'hex'));
  write.connection.run(
    'UPDATE device SET generation = ?, last_active_at = max(last_active_at, ?) WHERE device_id = ?',
    token_generation + 1n,
    at,
    id,
  );
  insertToken(write, device.deviceId, next, token_generation + 1n);
  forgetTokens(write, id, next, token_generation + 1n, at);
  return { kind: isCurrent ? 'rotated' : 'repeated', device };
}

/** Bounds what a device leaves behind: expired tokens are of no use to a thief either, and nobody loses the answer to twenty tries in a row. */
function forgetTokens(write: Write, deviceId: bigint, next: RefreshToken, generation: bigint, at: number): void {
  write.connection.run('DELETE FROM refresh_token WHERE device_id = ? AND expires_at <= ?', deviceId, at);
  write.connection.run(
    `DELETE FROM refresh_token WHERE digest IN (
       SELECT digest FROM refresh_token WHERE device_id = ? AND generation = ? ORDER BY digest = ? DESC, expires_at DESC LIMIT -1 OFFSET ${SUCCESSORS_MAX})`,
    deviceId,
    generation,
    Buffer.from(next.digest, 'hex'),
  );
}

function insertToken(write: Write, deviceId: DeviceId, token: RefreshToken, generation: bigint): void {
  write.connection.run(
    'INSERT INTO refresh_token (digest, device_id, generation, expires_at, is_exchanged) VALUES (?, ?, ?, ?, 0)',
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
