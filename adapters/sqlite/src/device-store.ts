import type { DeviceRecord, DeviceStore, RefreshToken } from '@parley/core';
import type { DeviceId, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteDeviceStore implements DeviceStore {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  create(device: DeviceRecord, refresh: RefreshToken, devicesMax: number): ReturnType<DeviceStore['create']> {
    return this.#writer.call('createDevice', { device, refresh, devicesMax });
  }

  list(userId: UserId): Promise<readonly DeviceRecord[]> {
    return this.#readers.query('listDevices', userId);
  }

  find(deviceId: DeviceId): Promise<DeviceRecord | undefined> {
    return this.#readers.query('findDevice', deviceId);
  }

  revoke(userId: UserId, deviceId: DeviceId): Promise<boolean> {
    return this.#writer.call('revokeDevice', { userId, deviceId });
  }

  rotate(digest: string, next: RefreshToken, at: number): ReturnType<DeviceStore['rotate']> {
    return this.#writer.call('rotateToken', { digest, next, at });
  }
}
