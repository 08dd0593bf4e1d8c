import type { Queries } from './reader/queries.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

/** What nobody has read is settled from this time on as well: whoever looks at the files from outside should not see the state of long ago. */
const IDLE_MS = 1_000;
/** Then so many conversations at a time, with this pause between: in one go, what waits under load stopped the writer for 16 to 32 ms every second. */
const PART = { conversations: 256, pauseMs: 20 } as const;

/**
 * Sees to it that what is read is at least as new as what was acknowledged (S15): the writer leaves undone what follows from an entry until somebody asks for it.
 */
export class Settling {
  readonly #writer: ThreadLine<Verbs>;
  #isSettled = true;
  #asked: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(writer: ThreadLine<Verbs>) {
    this.#writer = writer;
  }

  /** Told by the writer after each commit. */
  onCommit(isSettled: boolean): void {
    this.#isSettled = isSettled;
    if (!isSettled && this.#timer === undefined) this.#settlePartAfter(IDLE_MS);
  }

  #settlePartAfter(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const next = (isOver: boolean): void => {
        this.#timer = undefined;
        if (!this.#isClosed && !this.#isSettled) this.#settlePartAfter(isOver ? IDLE_MS : PART.pauseMs);
      };
      // A failure is told to whoever reads.
      this.#writer.call('settleSome', PART.conversations).then(next, () => next(true));
    }, delayMs).unref();
  }

  /** Settles when everything that was acknowledged can be read; undefined: it can. Rejects with a StoreError when it could not be written. */
  settled(): Promise<void> | undefined {
    if (this.#isSettled) return undefined;
    // One that is under way was asked before anything was acknowledged that it would leave out: the writer answers in the order of asking.
    this.#asked ??= this.#writer.call('settleAll', undefined).finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** The answer to a query by the writer itself, which needs no room on the disk for it. */
  look(name: keyof Queries, args: unknown): Promise<unknown> {
    return this.#writer.call('look', { name, args });
  }

  /** Nothing is asked of the writer any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
