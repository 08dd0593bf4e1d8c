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

/** A list that keeps its room when it is emptied: of an array V8 gives the room back. */
class KeptList<T> implements Iterable<T> {
  readonly #items: T[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(item: T): void {
    this.#items[this.#length] = item;
    this.#length += 1;
  }

  clear(): void {
    this.#length = 0;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let place = 0; place < this.#length; place += 1) yield this.#items[place] as T; // The cast holds: below the length all are set.
  }
}

/** What follows from the entries of one conversation that wait to be settled. */
export class UnsettledLog {
  conversation = 0;
  /** Of the first of `entries`; the others follow one by one. */
  firstSeq = 0;
  readonly entries = new KeptList<number>();
  /** Of the last entry. */
  count = 0;
  /** The last message among the entries; null: none is one. */
  messageSeq: number | null = null;
  lastActivityAt = 0;
  readonly writers = new KeptList<Writer>();

  begin(conversation: number, firstSeq: number): void {
    this.conversation = conversation;
    this.firstSeq = firstSeq;
    this.entries.clear();
    this.messageSeq = null;
    this.lastActivityAt = 0;
    this.writers.clear();
  }
}

/** These are no activity (CONV-3). */
const AMENDMENTS: ReadonlySet<EntryType> = new Set(['message_edited', 'message_deleted', 'reaction', 'author_erased']);

/** A pass of settling begins when so many entries, or entries of so many conversations, wait: the more entries of a conversation are settled at once, the less each costs. */
const PASS_FROM = { entries: 4_096, conversations: 2_048 } as const;
/** It goes on by one of so many parts after as many entries: all who write wait for a part, half a millisecond to two. */
const PASS_PARTS = 8;
const ENTRIES_PER_PART = 256;
/** What is kept to be used again, at most: some 2 MiB. */
const SPARE = { logsMax: 4_096, entriesMax: 32 } as const;

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
  #taken: readonly UnsettledLog[] = [];
  /** Settled ones, to be used again: made anew for each pass they were a megabyte, and each collection of the writer's young heap stopped it for 3 to 5 ms. */
  readonly #spare: UnsettledLog[] = [];
  /** Entries that had been noted when conversations of the pass were last due. */
  #dueAt = 0;

  /** Infinite: nobody has counted since the opening or a rollback. */
  get entryCount(): number {
    return this.#entryCount;
  }

  /** Whether a pass is worth its while. */
  get isMuch(): boolean {
    return this.#entryCount >= PASS_FROM.entries || this.#logs.size >= PASS_FROM.conversations;
  }

  get isPassing(): boolean {
    return this.#passLogCount > 0;
  }

  has(conversation: number): boolean {
    return this.#logs.has(conversation);
  }

  note({ entry, conversation, seq, count, type, createdAt, writer }: UnsettledEntry): void {
    const log = this.#logs.get(conversation) ?? this.#begin(conversation, seq);
    log.entries.add(entry);
    log.count = count;
    if (type === 'new_message') log.messageSeq = seq;
    if (!AMENDMENTS.has(type)) log.lastActivityAt = Math.max(log.lastActivityAt, createdAt);
    if (writer !== null) {
      if (writer.lastSeq < log.firstSeq) log.writers.add(writer);
      writer.lastSeq = seq;
      writer.lastCount = count;
    }
    this.#entryCount += 1;
    this.#notedCount += 1;
    this.#newest = entry;
  }

  #begin(conversation: number, firstSeq: number): UnsettledLog {
    const log = this.#spare.pop() ?? new UnsettledLog();
    log.begin(conversation, firstSeq);
    this.#logs.set(conversation, log);
    return log;
  }

  /** A pass under way is given up for the new one, which goes through all that is left of it as well. */
  beginPass(): void {
    this.#pass = [...this.#logs.values()].sort((one, other) => other.conversation - one.conversation);
    this.#passLogCount = this.#pass.length;
    this.#passEnd = this.#newest;
    this.#dueAt = this.#notedCount - ENTRIES_PER_PART;
  }

  /** So many conversations of the running pass are to be settled now, for the entries that have come since the last question. The first part is due at once. */
  logsDue(): number {
    const parts = Math.floor((this.#notedCount - this.#dueAt) / ENTRIES_PER_PART);
    if (!this.isPassing || parts === 0) return 0;
    this.#dueAt = this.#notedCount;
    return parts * Math.ceil(this.#passLogCount / PASS_PARTS);
  }

  /** The next conversations of the pass, to be settled before the next question; `settledEntry`: all up to this entry is settled with them, null before the end of the pass. */
  takeFromPass(logsMax: number): { readonly logs: readonly UnsettledLog[]; readonly settledEntry: number | null } {
    for (const log of this.#taken)
      if (log.entries.length <= SPARE.entriesMax && this.#spare.length < SPARE.logsMax) this.#spare.push(log);
    const logs = this.#pass.splice(-logsMax).reverse();
    this.#taken = logs;
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
