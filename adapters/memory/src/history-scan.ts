import type { HistoryQuery, HistorySlice } from '@parley/core';
import type { LogEntry, Message } from '@parley/protocol';
import { presentState } from './fold-entry.ts';
import type { LogRow } from './state.ts';

/** Rows looked at for each message asked for: bounds the work on a log that is full of reactions. */
const ROWS_PER_MESSAGE_MAX = 10;

/** One walk along a log, up or down, that collects a page of history. */
export class HistoryScan {
  readonly #log: readonly LogRow[];
  readonly #hidden: ReadonlySet<number>;
  readonly #query: HistoryQuery;
  readonly #messages: Message[] = [];
  readonly #entries: LogEntry[] = [];
  readonly #tombstones: { seq: number; reason: 'deleted' | 'hidden' }[] = [];

  constructor(log: readonly LogRow[], hidden: ReadonlySet<number>, query: HistoryQuery) {
    this.#log = log;
    this.#hidden = hidden;
    this.#query = query;
  }

  run(): HistorySlice {
    const covered =
      'beforeSeq' in this.#query.from ? this.#down(this.#query.from.beforeSeq) : this.#up(this.#query.from.afterSeq);
    const bySeq = (one: { readonly seq: number }, other: { readonly seq: number }) => one.seq - other.seq;
    return {
      messages: this.#messages.sort(bySeq),
      entries: this.#entries.sort(bySeq),
      tombstones: this.#tombstones.sort(bySeq),
      covered,
      headSeq: this.#log.length,
    };
  }

  #down(beforeSeq: number): HistorySlice['covered'] {
    const toSeq = Math.min(beforeSeq - 1, this.#log.length);
    const end = Math.max(this.#query.visibleFromSeq, toSeq - this.#rowsMax + 1);
    let fromSeq = toSeq + 1;
    while (fromSeq > end && !this.#isFull) {
      fromSeq -= 1;
      this.#take(fromSeq);
    }
    return { fromSeq, toSeq };
  }

  #up(afterSeq: number): HistorySlice['covered'] {
    const fromSeq = Math.max(this.#query.visibleFromSeq, afterSeq + 1);
    const end = Math.min(this.#log.length, fromSeq + this.#rowsMax - 1);
    let toSeq = fromSeq - 1;
    while (toSeq < end && !this.#isFull) {
      toSeq += 1;
      this.#take(toSeq);
    }
    return { fromSeq, toSeq };
  }

  get #rowsMax(): number {
    return this.#query.limit * ROWS_PER_MESSAGE_MAX;
  }

  get #isFull(): boolean {
    return this.#messages.length >= this.#query.limit;
  }

  #take(seq: number): void {
    const row = this.#log[seq - 1];
    if (row === undefined) return;
    if (row.state === null) {
      if (isForTimeline(row.entry)) this.#entries.push(row.entry);
    } else if (row.state.content === null) {
      this.#tombstones.push({ seq, reason: 'deleted' });
    } else if (this.#hidden.has(seq)) {
      this.#tombstones.push({ seq, reason: 'hidden' });
    } else {
      this.#messages.push(presentState(row.state, this.#query.viewer));
    }
  }
}

/** Amendments are folded into their messages; everything else that is no message is shown by itself. */
function isForTimeline({ type }: LogEntry): boolean {
  return type !== 'message_edited' && type !== 'message_deleted' && type !== 'reaction' && type !== 'author_erased';
}
