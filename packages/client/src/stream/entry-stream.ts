import type { ConversationId, LogEntry } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import type { Store } from '../store/store.ts';

/** What a look into a log answers: every visible seq in (the place asked for, coveredUpTo] is in `entries`. */
export interface LogRange {
  readonly entries: readonly LogEntry[];
  readonly coveredUpTo: number;
  readonly headSeq: number;
}

export interface EntryStreamParts {
  readonly environment: Pick<ClientEnvironment, 'after'>;
  readonly store: Store;
  /** Never throws. `gone`: not ours (any more). `later`: could not be had now. */
  fetchEntries(conversationId: ConversationId, afterSeq: number, limit: number): Promise<LogRange | 'gone' | 'later'>;
  /** Brings the present state of a conversation into the store: as new, or (when it is held) in place of the old one. Never throws. */
  fetchConversation(conversationId: ConversationId): Promise<'found' | 'gone' | 'later'>;
  /** Whether an acknowledgement of an own write to the conversation is still to come. */
  isWriting(conversationId: ConversationId): boolean;
}

/** Entries that wait for an earlier one, per conversation; what does not fit is read from the log later. */
const HELD_MAX = 256;
const FETCH_LIMIT = 100;
/** Further behind than this is not filled entry by entry: the present state is taken instead. */
const FETCHES_MAX = 5;
/** An own acknowledgement and the entries before it race (SYNC-3): a gap beside one is given this long to close by itself. */
const PATIENCE_MS = 300;
/** After a look into the log that brought nothing. */
const RETRY_MS = 2_000;

interface Waiting {
  readonly entries: Map<number, LogEntry>;
  /** Something is known to be there, though not what. */
  upTo: number;
  cancelTimer: (() => void) | undefined;
  isRepairing: boolean;
}

/**
 * Puts the entries of each conversation in `seq` order: drops repeats, holds back what came early, and reads the log where something is missing.
 * The store gets every entry once and in order.
 */
export class EntryStream {
  readonly #parts: EntryStreamParts;
  readonly #waiting = new Map<ConversationId, Waiting>();

  constructor(parts: EntryStreamParts) {
    this.#parts = parts;
  }

  /** An entry as it arrived, or as an own acknowledgement stands for it. */
  take(entry: LogEntry): void {
    const position = this.#position(entry.conversation_id);
    if (position !== undefined && entry.seq <= position) return;
    if (entry.seq === (position ?? Number.NaN) + 1) {
      this.#apply(entry.conversation_id, [entry], entry.seq);
      this.#drain(entry.conversation_id);
      return;
    }
    const waiting = this.#waitingOf(entry.conversation_id);
    waiting.upTo = Math.max(waiting.upTo, entry.seq);
    if (waiting.entries.size < HELD_MAX) waiting.entries.set(entry.seq, entry);
    this.#scheduleRepair(entry.conversation_id, waiting);
  }

  /** The log holds something at this place that did not come as an entry: it is read. */
  expect(conversationId: ConversationId, seq: number): void {
    if (seq <= (this.#position(conversationId) ?? 0)) return;
    const waiting = this.#waitingOf(conversationId);
    waiting.upTo = Math.max(waiting.upTo, seq);
    this.#scheduleRepair(conversationId, waiting);
  }

  /** After the connection is gone: the next sync starts from the positions in the store. */
  reset(): void {
    for (const waiting of this.#waiting.values()) waiting.cancelTimer?.();
    this.#waiting.clear();
  }

  #position(conversationId: ConversationId): number | undefined {
    return this.#parts.store.getSnapshot().conversations[conversationId]?.resource.head_seq;
  }

  #waitingOf(conversationId: ConversationId): Waiting {
    let waiting = this.#waiting.get(conversationId);
    if (waiting === undefined) {
      waiting = { entries: new Map(), upTo: 0, cancelTimer: undefined, isRepairing: false };
      this.#waiting.set(conversationId, waiting);
    }
    return waiting;
  }

  #apply(conversationId: ConversationId, entries: readonly LogEntry[], coveredUpTo: number): void {
    this.#parts.store.dispatch({ type: 'entries_arrived', conversationId, entries, coveredUpTo });
  }

  /** Hands on what has become next, and forgets the conversation when nothing waits any more. */
  #drain(conversationId: ConversationId): void {
    const waiting = this.#waiting.get(conversationId);
    if (waiting === undefined) return;
    let position = this.#position(conversationId) ?? 0;
    for (let next = waiting.entries.get(position + 1); next !== undefined; next = waiting.entries.get(position + 1)) {
      this.#apply(conversationId, [next], next.seq);
      // Read again: a listener of the store may have changed what is held.
      position = this.#position(conversationId) ?? next.seq;
    }
    for (const seq of waiting.entries.keys()) if (seq <= position) waiting.entries.delete(seq);
    if (waiting.upTo > position || waiting.isRepairing) return;
    waiting.cancelTimer?.();
    this.#waiting.delete(conversationId);
  }

  #scheduleRepair(conversationId: ConversationId, waiting: Waiting, retryMs = 0): void {
    if (waiting.cancelTimer !== undefined || waiting.isRepairing) return;
    const patienceMs = this.#parts.isWriting(conversationId) ? PATIENCE_MS : 0;
    waiting.cancelTimer = this.#parts.environment.after(Math.max(patienceMs, retryMs), () => {
      waiting.cancelTimer = undefined;
      void this.#repair(conversationId, waiting);
    });
  }

  async #repair(conversationId: ConversationId, waiting: Waiting): Promise<void> {
    waiting.isRepairing = true;
    const outcome = await this.#fill(conversationId, waiting);
    waiting.isRepairing = false;
    if (!this.#isCurrent(conversationId, waiting)) return;
    if (outcome === 'gone') {
      this.#waiting.delete(conversationId);
      return;
    }
    this.#drain(conversationId);
    // What still waits came meanwhile.
    if (this.#isCurrent(conversationId, waiting))
      this.#scheduleRepair(conversationId, waiting, outcome === 'later' ? RETRY_MS : 0);
  }

  async #fill(conversationId: ConversationId, waiting: Waiting): Promise<'found' | 'gone' | 'later'> {
    for (let fetches = 0; fetches < FETCHES_MAX; fetches += 1) {
      const position = this.#position(conversationId);
      if (position === undefined) return this.#parts.fetchConversation(conversationId);
      if (waiting.upTo <= position) return 'found';
      const range = await this.#parts.fetchEntries(conversationId, position, FETCH_LIMIT);
      if (range === 'gone' || range === 'later') return range;
      if (!this.#isCurrent(conversationId, waiting)) return 'gone';
      // What came live while the log was read has been told already.
      const reached = this.#position(conversationId) ?? position;
      const news = range.entries.filter(({ seq }) => seq > reached);
      this.#apply(conversationId, news, Math.max(reached, range.coveredUpTo));
      this.#drain(conversationId);
      if (range.coveredUpTo <= position) return 'later';
    }
    return this.#parts.fetchConversation(conversationId);
  }

  #isCurrent(conversationId: ConversationId, waiting: Waiting): boolean {
    return this.#waiting.get(conversationId) === waiting;
  }
}
