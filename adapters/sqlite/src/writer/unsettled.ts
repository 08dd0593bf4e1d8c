import type { EntryType } from '@parley/protocol';

/** Somebody whose cursors move with what they write: sending reads (SEND-11). One object for each member who writes in a conversation, as long as entries of it wait. */
export interface Writer {
  readonly user_id: bigint;
  /** Number of the last entry that they wrote, and the count of messages up to it. */
  lastSeq: number;
  lastCount: number;
}

/** An entry as far as something follows from it. */
export interface UnsettledEntry {
  readonly entry: number;
  readonly conversation: number;
  readonly seq: number;
  readonly count: number;
  readonly type: EntryType;
  readonly createdAt: number;
  /** Null: no device wrote it. */
  readonly writer: Writer | null;
}

/** What follows from the entries of one conversation that wait to be settled. */
export interface UnsettledLog {
  readonly conversation: number;
  /** Of the first of `entries`; the others follow one by one. */
  readonly firstSeq: number;
  readonly entries: number[];
  /** Of the last entry. */
  count: number;
  /** The last message among the entries; null: none is one. */
  messageSeq: number | null;
  lastActivityAt: number;
  readonly writers: Writer[];
}

/** These are no activity (CONV-3). */
const AMENDMENTS: ReadonlySet<EntryType> = new Set(['message_edited', 'message_deleted', 'reaction', 'author_erased']);

/**
 * Entries of which only they themselves are written yet, by conversation: most of what follows from an entry is void once the next one of its conversation is there. They are
 * settled in passes: a pass goes through the conversations that wait at its beginning, in the order of the tables, some at a time, and takes with each all that has come until then.
 */
export class Unsettled {
  readonly #logs = new Map<number, UnsettledLog>();
  #entryCount = Number.POSITIVE_INFINITY;
  #notedCount = 0;
  #newest = 0;
  /** What the pass has not come to yet, the next one last. */
  #pass: UnsettledLog[] = [];
  #passLogCount = 0;
  #passEnd = 0;

  /** Infinite: nobody has counted since the opening or a rollback. */
  get entryCount(): number {
    return this.#entryCount;
  }

  get logCount(): number {
    return this.#logs.size;
  }

  /** Entries that were ever noted. */
  get notedCount(): number {
    return this.#notedCount;
  }

  /** Conversations of the whole running pass; 0: none is running. */
  get passLogCount(): number {
    return this.#passLogCount;
  }

  has(conversation: number): boolean {
    return this.#logs.has(conversation);
  }

  note({ entry, conversation, seq, count, type, createdAt, writer }: UnsettledEntry): void {
    let log = this.#logs.get(conversation);
    if (log === undefined) {
      log = { conversation, firstSeq: seq, entries: [entry], count, messageSeq: null, lastActivityAt: 0, writers: [] };
      this.#logs.set(conversation, log);
    } else log.entries.push(entry);
    log.count = count;
    if (type === 'new_message') log.messageSeq = seq;
    if (!AMENDMENTS.has(type)) log.lastActivityAt = Math.max(log.lastActivityAt, createdAt);
    if (writer !== null) {
      if (writer.lastSeq < log.firstSeq) log.writers.push(writer);
      writer.lastSeq = seq;
      writer.lastCount = count;
    }
    this.#entryCount += 1;
    this.#notedCount += 1;
    this.#newest = entry;
  }

  /** A pass under way is given up for the new one, which goes through all that is left of it as well. */
  beginPass(): void {
    this.#pass = [...this.#logs.values()].sort((one, other) => other.conversation - one.conversation);
    this.#passLogCount = this.#pass.length;
    this.#passEnd = this.#newest;
  }

  /** The next conversations of the pass; `settledEntry`: all up to this entry is settled with them, null before the end of the pass. */
  takeFromPass(logsMax: number): { readonly logs: readonly UnsettledLog[]; readonly settledEntry: number | null } {
    const logs = this.#pass.splice(-logsMax).reverse();
    for (const { conversation, entries } of logs) {
      this.#logs.delete(conversation);
      this.#entryCount -= entries.length;
    }
    if (this.#pass.length > 0) return { logs, settledEntry: null };
    this.#passLogCount = 0;
    return { logs, settledEntry: this.#passEnd };
  }

  /** From here on what is noted is all there is. */
  countFromHere(): void {
    this.forget();
    this.#entryCount = 0;
  }

  forget(): void {
    this.#logs.clear();
    this.#entryCount = Number.POSITIVE_INFINITY;
    this.#pass = [];
    this.#passLogCount = 0;
  }
}
