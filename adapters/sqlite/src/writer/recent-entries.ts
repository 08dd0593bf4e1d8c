import type { Write } from './write.ts';

/**
 * How many places are written at once. The pages of log_place that a commit writes become as many times fewer; more of them would make the heads, which every append
 * writes, and each reading of a log longer.
 */
const RECENT_MAX = 8;

/** The entries at the end of a log that stand in its head and not yet in log_place. */
export class RecentEntries {
  #entries: number[];

  /** `stored`: as the head has it. */
  constructor(stored = '[]') {
    // The cast holds: `add` wrote it.
    this.#entries = JSON.parse(stored) as number[];
  }

  /** Takes the entry that was appended at `seq`; when they are many enough, all are written to log_place. Returns what the head is to have. */
  add({ connection }: Write, conversation: bigint, seq: number, entry: bigint): string {
    this.#entries.push(Number(entry));
    const stored = JSON.stringify(this.#entries);
    if (this.#entries.length < RECENT_MAX) return stored;
    connection.run(
      'INSERT INTO log_place (conversation, seq, entry) SELECT ?1, ?2 + key, value FROM json_each(?3)',
      conversation,
      seq + 1 - this.#entries.length,
      stored,
    );
    this.#entries = [];
    return '[]';
  }
}
