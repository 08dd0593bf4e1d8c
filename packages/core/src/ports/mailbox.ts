import type { DeviceId, UserId } from '@parley/protocol';

export interface MailboxPut {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly payload: string;
}

export interface MailboxRecord {
  readonly deviceId: DeviceId;
  /** Gapless per device. */
  readonly seq: number;
  readonly senderId: UserId;
  readonly senderDeviceId: DeviceId;
  readonly createdAt: number;
  readonly payload: string;
}

/** Per-device queues of opaque payloads; at least once: an item stays until its device acknowledges it. */
export interface Mailbox {
  /** All items or none. `key`: the same sender device and key is stored once (duplicate). A device that does not exist or is not of that user: `devices_changed`, nothing stored.
   *  A queue above `itemsMax` refuses (`mailbox_full`): nothing is dropped in silence. */
  put(request: {
    readonly senderId: UserId;
    readonly senderDeviceId: DeviceId;
    readonly clientMsgId: string;
    readonly createdAt: number;
    readonly items: readonly MailboxPut[];
    readonly itemsMax: number;
  }): Promise<
    | { readonly kind: 'stored'; readonly records: readonly MailboxRecord[] }
    | { readonly kind: 'duplicate' }
    | { readonly kind: 'devices_changed' }
    | { readonly kind: 'mailbox_full' }
  >;
  readAfter(
    deviceId: DeviceId,
    afterSeq: number,
    limit: number,
  ): Promise<{ readonly records: readonly MailboxRecord[]; readonly headSeq: number }>;
  /** The largest `seq` that each of these devices was ever given; a device that has none, or does not exist, is absent. */
  heads(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, number>>;
  /** Deletes everything up to the place. */
  acknowledge(deviceId: DeviceId, upTo: number): Promise<void>;
}
