import type { LogEntry } from '@parley/protocol';

/** A log entry and the connection that got it as its acknowledgement. */
export interface Numbered {
  readonly entry: LogEntry;
  readonly originConnectionId: string | null;
}

const HELD_MAX = 256;

/** Entries that came before their predecessors. Bounded to a window above the position: those beyond are read from the log later. */
export class HoldBack {
  readonly #bySeq = new Map<number, Numbered>();

  add(numbered: Numbered, position: number): void {
    if (numbered.entry.seq <= position + HELD_MAX) this.#bySeq.set(numbered.entry.seq, numbered);
  }

  take(seq: number): Numbered | undefined {
    const numbered = this.#bySeq.get(seq);
    this.#bySeq.delete(seq);
    return numbered;
  }

  /** Known when the entry itself came by the broker, though it is now delivered from the log. */
  originOf(seq: number): string | null {
    return this.#bySeq.get(seq)?.originConnectionId ?? null;
  }

  forgetUpTo(seq: number): void {
    for (const held of this.#bySeq.keys()) if (held <= seq) this.#bySeq.delete(held);
  }

  clear(): void {
    this.#bySeq.clear();
  }
}
