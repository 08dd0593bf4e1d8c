/** Something with frames to write at the end of this loop turn. */
export interface Flushable {
  flush(): void;
}

/**
 * Collects the connections that got frames in this turn of the event loop and lets each write once at its end. The cost of a socket write is the same for one
 * frame and for a hundred (7-9 µs measured), so writes per second, not frames, are what a core can do. An idle loop turns at once: nothing waits for a timer.
 */
export class FrameWriter {
  #waiting: Flushable[] = [];

  /** The caller asks once per turn: it remembers that it did until `flush` is called. */
  schedule(connection: Flushable): void {
    if (this.#waiting.length === 0) setImmediate(this.#flushAll);
    this.#waiting.push(connection);
  }

  readonly #flushAll = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const connection of waiting) connection.flush();
  };
}
