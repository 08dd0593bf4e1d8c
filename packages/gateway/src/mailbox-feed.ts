import type { MailboxRecord } from '@parley/core';
import type { DeviceId, ServerFrame } from '@parley/protocol';
import type { Edge } from './edge.ts';
import type { Peer } from './peer.ts';

const PAGE = 50;

const itemFrame = (record: MailboxRecord): ServerFrame => ({
  type: 'mailbox_item',
  seq: record.seq,
  sender_id: record.senderId,
  sender_device_id: record.senderDeviceId,
  created_at: record.createdAt,
  payload: record.payload,
});

/** BOX-1: the items of one device in order, all that were not acknowledged first. The mailbox is the truth, an event about it is a hint. */
export class MailboxFeed {
  readonly #edge: Edge;
  readonly #peer: Peer;
  readonly #deviceId: DeviceId;
  #sentUpTo = 0;
  #behind = true;
  #reading: Promise<void> | undefined;

  constructor(edge: Edge, peer: Peer, deviceId: DeviceId) {
    this.#edge = edge;
    this.#peer = peer;
    this.#deviceId = deviceId;
  }

  take(record: MailboxRecord): void {
    if (this.#reading === undefined && record.seq === this.#sentUpTo + 1) this.#send(record);
    else this.checkHead(record.seq);
  }

  /** The mailbox goes up to here: reads it if that is more than was heard of (the broker may have lost it). */
  checkHead(headSeq: number): void {
    if (headSeq <= this.#sentUpTo) return;
    this.#behind = true;
    this.#edge.supervise('gateway.mailbox_unreadable', this.catchUp());
  }

  /** Sends what lies in the mailbox, as fast as the client takes it. Rejects when the mailbox cannot be read. */
  catchUp(): Promise<void> {
    this.#reading ??= Promise.resolve().then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { mailbox } = this.#edge.core;
    try {
      while (this.#behind && !this.#peer.closed) {
        this.#behind = false;
        const { records, headSeq } = await mailbox.readAfter(this.#deviceId, this.#sentUpTo, PAGE);
        for (const record of records) {
          if (record.seq <= this.#sentUpTo) continue;
          await this.#peer.transport.room();
          this.#send(record);
        }
        // An empty page ends it: what lies below the head was acknowledged by the device on another connection.
        if (records.length > 0 && this.#sentUpTo < headSeq) this.#behind = true;
        else this.#sentUpTo = Math.max(this.#sentUpTo, headSeq);
      }
    } finally {
      this.#reading = undefined;
    }
  }

  #send(record: MailboxRecord): void {
    this.#sentUpTo = record.seq;
    this.#peer.send(itemFrame(record));
  }
}
