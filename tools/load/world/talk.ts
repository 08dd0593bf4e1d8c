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

/** Rows of one transaction. */
const TRANSACTION_ROWS = 500_000;

/**
 * Writes messages as the server stores them, copied from one that it stored: all conversations talk at the same time, each says one message a round, in another order every
 * round. So the messages of one conversation are spread over the whole store, as they are after months of use.
 */
export class Talk {
  readonly #rows: ClonedRows;
  readonly #template: Row;
  readonly #entries: number;
  #conversations = 0;

  /** `entries`: places of each log before anybody writes. */
  constructor(rows: ClonedRows, entries: number) {
    this.#rows = rows;
    this.#entries = entries;
    this.#template = rows.one('SELECT * FROM log WHERE client_msg_id IS NOT NULL ORDER BY conversation LIMIT 1');
    rows.run(
      'CREATE TEMP TABLE talk (place INTEGER PRIMARY KEY, conversation INTEGER, user_0 INTEGER, device_0 INTEGER, user_1 INTEGER, device_1 INTEGER)',
    );
    rows.run(
      `CREATE TEMP TABLE sample AS SELECT * FROM log WHERE conversation = ${this.#template.conversation} AND seq = ${this.#template.seq}`,
    );
  }

  /** The two take turns; returns what each has read after `count` messages. */
  join(conversation: bigint, authors: readonly [Author, Author], count: number): readonly [ReadPlace, ReadPlace] {
    const [one, other] = authors;
    const values = [this.#conversations, conversation, one.user, one.device, other.user, other.device];
    this.#rows.run('INSERT INTO talk VALUES (?, ?, ?, ?, ?, ?)', ...values);
    this.#conversations += 1;
    const readBy = (turn: number): ReadPlace => {
      const last = count - ((count + turn) % 2);
      return last <= 0 ? { seq: this.#entries, count: 0 } : { seq: this.#entries + last, count: last };
    };
    return [readBy(0), readBy(1)];
  }

  /** `count` messages of `bytes` in each conversation. */
  write(count: number, bytes: number, onProgress: (line: string) => void): void {
    const firstId = BigInt(Number(this.#template.created_at)) << 22n;
    const changed: Readonly<Record<string, string>> = {
      conversation: 'talk.conversation',
      seq: `${this.#entries} + :number`,
      count: ':number',
      created_at: 'sample.created_at + :number',
      sender_id: 'iif(:number % 2 = 0, user_0, user_1)',
      device_id: 'iif(:number % 2 = 0, device_0, device_1)',
      message_id: `${firstId} + :number * ${this.#conversations} + place`,
      client_msg_id: `unhex(printf('%032x', ${firstId} + :number * ${this.#conversations} + place))`,
      body: ':body',
    };
    // The number of an entry is given in the order of writing.
    const columns = Object.keys(this.#template).filter((column) => column !== 'entry');
    const values = columns.map((column) => changed[column] ?? `sample.${column}`);
    const insert = `INSERT INTO log (${columns.join(', ')}) SELECT ${values.join(', ')} FROM talk, sample ORDER BY random()`;
    const body = 'x'.repeat(bytes);
    const step = Math.max(1, Math.floor(TRANSACTION_ROWS / Math.max(1, this.#conversations)));
    for (let from = 1; from <= count; from += step) {
      const to = Math.min(count, from + step - 1);
      this.#rows.inTransaction(() => {
        for (let number = from; number <= to; number += 1)
          this.#rows.runNamed(insert, { number: BigInt(number), body });
      });
      onProgress(`${(to * this.#conversations).toLocaleString('en-US')} messages written`);
    }
  }
}
