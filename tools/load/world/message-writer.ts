import type { ClonedRows, Row } from './cloned-rows.ts';

interface Author {
  readonly user: bigint;
  readonly device: bigint;
}

/** Where an author's own last message stands: sending reads (SEND-11). */
export interface ReadPlace {
  readonly seq: number;
  readonly count: number;
}

/** Writes messages as the server stores them, copied from one that it stored. */
export class MessageWriter {
  readonly #rows: ClonedRows;
  readonly #template: Row;
  #nextMessage: bigint;

  constructor(rows: ClonedRows) {
    this.#rows = rows;
    this.#template = rows.one('SELECT * FROM log WHERE client_msg_id IS NOT NULL ORDER BY conversation LIMIT 1');
    this.#nextMessage = BigInt(Number(this.#template.created_at)) << 22n;
  }

  /** `count` messages after `entries` earlier entries, the authors in turn; returns what each author has read. */
  write(conversation: bigint, entries: number, authors: readonly Author[], count: number, bytes: number): ReadPlace[] {
    const read: ReadPlace[] = authors.map(() => ({ seq: entries, count: 0 }));
    const body = 'x'.repeat(bytes);
    const startedAt = BigInt(Number(this.#template.created_at));
    for (let number = 1; number <= count; number += 1) {
      const turn = number % authors.length;
      const author = authors[turn];
      if (author === undefined) break;
      this.#nextMessage += 1n;
      const client_msg_id = Buffer.alloc(16);
      client_msg_id.writeBigUInt64BE(this.#nextMessage, 8);
      const place = { seq: entries + number, count: number };
      this.#rows.clone('log', this.#template, {
        conversation,
        ...place,
        created_at: startedAt + BigInt(number),
        sender_id: author.user,
        device_id: author.device,
        message_id: this.#nextMessage,
        client_msg_id,
        body,
      });
      read[turn] = place;
    }
    return read;
  }
}
