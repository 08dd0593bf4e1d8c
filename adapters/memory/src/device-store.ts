import type { DeviceRecord, DeviceStore, RefreshToken } from '@parley/core';
import type { DeviceId, UserId } from '@parley/protocol';
import type { State } from './state.ts';

const SUCCESSORS_MAX = 20;

type RotateOutcome = Awaited<ReturnType<DeviceStore['rotate']>>;

export class MemoryDeviceStore implements DeviceStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async create(
    record: DeviceRecord,
    refresh: RefreshToken,
    devicesMax: number,
  ): Promise<{ readonly revoked: readonly DeviceId[] }> {
    const { userId, deviceId } = record;
    const idle = this.#state
      .devicesOf(userId)
      .map((device) => device.record)
      .sort((one, other) => one.lastActiveAt - other.lastActiveAt);
    const revoked = idle.slice(0, Math.max(0, idle.length + 1 - devicesMax)).map((device) => device.deviceId);
    for (const revokedId of revoked) this.#revoke(userId, revokedId);
    this.#state.devices.set(deviceId, {
      record,
      tokens: [refresh],
      exchanged: null,
      bundle: null,
      oneTimeKeys: new Map(),
      mailbox: { headSeq: 0, items: [], sentKeys: new Set() },
    });
    this.#state.refreshTokens.set(refresh.digest, deviceId);
    this.#state.userFacts.append(userId, { type: 'devices_changed', deviceId, change: 'added' });
    return { revoked };
  }

  async list(userId: UserId): Promise<readonly DeviceRecord[]> {
    return this.#state.devicesOf(userId).map(({ record }) => record);
  }

  async find(deviceId: DeviceId): Promise<DeviceRecord | undefined> {
    return this.#state.devices.get(deviceId)?.record;
  }

  async revoke(userId: UserId, deviceId: DeviceId): Promise<boolean> {
    if (this.#state.devices.get(deviceId)?.record.userId !== userId) return false;
    this.#revoke(userId, deviceId);
    return true;
  }

  #revoke(userId: UserId, deviceId: DeviceId): void {
    this.#state.dropDevice(deviceId);
    this.#state.userFacts.append(userId, { type: 'devices_changed', deviceId, change: 'removed' });
  }

  async rotate(digest: string, next: RefreshToken, at: number): Promise<RotateOutcome> {
    const deviceId = this.#state.refreshTokens.get(digest);
    const device = deviceId && this.#state.devices.get(deviceId);
    if (!device) return { kind: 'unknown' };
    const current = device.tokens.find((token) => token.digest === digest);
    const token = current ?? (device.exchanged?.digest === digest ? device.exchanged : undefined);
    if (token === undefined) {
      this.#revoke(device.record.userId, device.record.deviceId);
      return { kind: 'reused', device: device.record };
    }
    if (token.expiresAt <= at) return { kind: 'expired' };
    if (current !== undefined) device.tokens = [];
    device.exchanged = token;
    for (const { digest: oldest } of device.tokens.slice(0, Math.max(0, device.tokens.length + 1 - SUCCESSORS_MAX)))
      this.#state.refreshTokens.delete(oldest);
    device.tokens = [...device.tokens, next].slice(-SUCCESSORS_MAX);
    device.record = { ...device.record, lastActiveAt: Math.max(device.record.lastActiveAt, at) };
    this.#state.refreshTokens.set(next.digest, device.record.deviceId);
    return { kind: current === undefined ? 'repeated' : 'rotated', device: device.record };
  }
}
