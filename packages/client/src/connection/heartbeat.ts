import type { ClientEnvironment } from '../environment.ts';

export interface HeartbeatParts {
  readonly environment: Pick<ClientEnvironment, 'now' | 'after' | 'random'>;
  ping(): void;
  /** Nothing was heard for two intervals (CONN-6). */
  onSilence(): void;
}

/** Pings at the server's interval and notices a line that died without a word. The first beat comes after a random part, so that a restarted server is not hit at once. */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #heardAt = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  start(intervalMs: number): void {
    this.stop();
    this.heard();
    this.#next(intervalMs, Math.floor(this.#parts.environment.random() * intervalMs));
  }

  heard(): void {
    this.#heardAt = this.#parts.environment.now();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #next(intervalMs: number, delayMs: number): void {
    this.#cancelTimer = this.#parts.environment.after(delayMs, () => {
      const silenceMs = this.#parts.environment.now() - this.#heardAt;
      if (silenceMs >= 2 * intervalMs) return this.#parts.onSilence();
      this.#next(intervalMs, intervalMs);
      this.#parts.ping();
    });
  }
}
