import type { Mailbox, MailboxPut, MailboxRecord } from '@parley/core';
import type { DeviceId } from '@parley/protocol';
import type { State } from './state.ts';

export class MemoryMailbox implements Mailbox {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async put(request: Parameters<Mailbox['put']>[0]): ReturnType<Mailbox['put']> {
    const { senderId, senderDeviceId, clientMsgId, createdAt, items, itemsMax } = request;
    // Keys live with the sender's device: once it is gone nobody can repeat them.
    const sentKeys = this.#state.devices.get(senderDeviceId)?.mailbox.sentKeys;
    if (sentKeys?.has(clientMsgId)) return { kind: 'duplicate' };
    if (items.some((item) => !this.#exists(item))) return { kind: 'devices_changed' };
    if (this.#overflows(items, itemsMax)) return { kind: 'mailbox_full' };

    sentKeys?.add(clientMsgId);
    const records = items.flatMap(({ deviceId, payload }): MailboxRecord[] => {
      const mailbox = this.#state.devices.get(deviceId)?.mailbox;
      if (mailbox === undefined) return [];
      mailbox.headSeq += 1;
      const record = { deviceId, seq: mailbox.headSeq, senderId, senderDeviceId, createdAt, payload };
      mailbox.items.push(record);
      return [record];
    });
    return { kind: 'stored', records };
  }

  #exists({ userId, deviceId }: MailboxPut): boolean {
    return this.#state.devices.get(deviceId)?.record.userId === userId;
  }

  #overflows(items: readonly MailboxPut[], itemsMax: number): boolean {
    const added = new Map<DeviceId, number>();
    for (const { deviceId } of items) added.set(deviceId, (added.get(deviceId) ?? 0) + 1);
    return [...added].some(
      ([deviceId, count]) => (this.#state.devices.get(deviceId)?.mailbox.items.length ?? 0) + count > itemsMax,
    );
  }

  async readAfter(deviceId: DeviceId, afterSeq: number, limit: number) {
    const mailbox = this.#state.devices.get(deviceId)?.mailbox;
    const records = mailbox?.items.filter(({ seq }) => seq > afterSeq).slice(0, limit) ?? [];
    return { records, headSeq: mailbox?.headSeq ?? 0 };
  }

  async heads(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, number>> {
    const heads = deviceIds.map(
      (deviceId) => [deviceId, this.#state.devices.get(deviceId)?.mailbox.headSeq ?? 0] as const,
    );
    return new Map(heads.filter(([, headSeq]) => headSeq > 0));
  }

  async acknowledge(deviceId: DeviceId, upTo: number): Promise<void> {
    const mailbox = this.#state.devices.get(deviceId)?.mailbox;
    if (mailbox !== undefined) mailbox.items = mailbox.items.filter(({ seq }) => seq > upTo);
  }
}
