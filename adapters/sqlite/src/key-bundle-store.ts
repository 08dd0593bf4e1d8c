import type { KeyBundleStore } from '@parley/core';
import type { DeviceId, KeyBundle, KeyBundleUpload, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteKeyBundleStore implements KeyBundleStore {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  put(userId: UserId, deviceId: DeviceId, bundle: KeyBundleUpload, oneTimeKeysMax: number): Promise<number> {
    return this.#writer.call('putKeys', { userId, deviceId, bundle, oneTimeKeysMax });
  }

  countOneTimeKeys(deviceId: DeviceId): Promise<number> {
    return this.#readers.query('countOneTimeKeys', deviceId);
  }

  take(userId: UserId): Promise<readonly KeyBundle[]> {
    return this.#writer.call('takeKeys', userId);
  }
}
