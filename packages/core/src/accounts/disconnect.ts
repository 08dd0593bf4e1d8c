import type { DeviceId, UserId } from '@parley/protocol';
import type { Core } from '../core.ts';

/** CONN-7: closes the connections of a device that was logged out, on whichever node. */
export function disconnectDevice(core: Pick<Core, 'broker'>, userId: UserId, deviceId: DeviceId): void {
  core.broker.publish(`user:${userId}`, { type: 'disconnect', userId, deviceId, reason: 'DEVICE_REVOKED' });
}

/** CONN-7: closes all connections of a deleted account. */
export function disconnectAccount(core: Pick<Core, 'broker'>, userId: UserId): void {
  core.broker.publish(`user:${userId}`, { type: 'disconnect', userId, deviceId: null, reason: 'ACCOUNT_DELETED' });
}
