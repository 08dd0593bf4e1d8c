import type { Mailbox } from '@parley/core';
import type { DeviceId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteMailbox implements Mailbox {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  put(request: Parameters<Mailbox['put']>[0]): ReturnType<Mailbox['put']> {
    return this.#writer.call('putMailbox', request);
  }

  readAfter(deviceId: DeviceId, afterSeq: number, limit: number): ReturnType<Mailbox['readAfter']> {
    return this.#readers.query('readMailbox', { deviceId, afterSeq, limit });
  }

  heads(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, number>> {
    return this.#readers.query('mailboxHeads', deviceIds);
  }

  acknowledge(deviceId: DeviceId, upTo: number): Promise<void> {
    return this.#writer.call('acknowledgeMailbox', { deviceId, upTo });
  }
}
