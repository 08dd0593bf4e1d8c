import type { ClientEnvironment } from '../environment.ts';

export interface HeartbeatParts {
  readonly environment: Pick<ClientEnvironment, 'now' | 'after' | 'random'>;
  ping(): void;
  /** Nothing was heard for two intervals (CONN-6). */
  onSilence(): void;
}

/**
 * Pings at the server's interval and notices a line that died without a word. The first beat comes after a random part, so that a restarted server is not hit at
 * once. The next beat is set when the answer to the last one arrives, not by the last one's timer: browsers let a timer that was set by a timer that was set by a
 * timer … run only once a minute in a page that is not looked at, which would miss every other beat.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #intervalMs = 0;
  #heardAt = 0;
  /** A ping is under way, and nothing was heard since. */
  #isAsking = false;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  start(intervalMs: number): void {
    this.stop();
    this.#intervalMs = intervalMs;
    this.#heardAt = this.#parts.environment.now();
    this.#after(Math.floor(this.#parts.environment.random() * intervalMs), () => this.#beat());
  }

  heard(): void {
    this.#heardAt = this.#parts.environment.now();
    if (!this.#isAsking) return;
    this.#isAsking = false;
    this.#after(this.#intervalMs, () => this.#beat());
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#isAsking = false;
  }

  #beat(): void {
    const untilSilentMs = this.#heardAt + 2 * this.#intervalMs - this.#parts.environment.now();
    // The device slept, or the page was stopped: the line is not worth a question any more.
    if (untilSilentMs <= 0) return this.#parts.onSilence();
    this.#isAsking = true;
    this.#after(untilSilentMs, () => this.#parts.onSilence());
    this.#parts.ping();
  }

  #after(delayMs: number, work: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.environment.after(delayMs, work);
  }
}
