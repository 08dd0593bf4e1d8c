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

  /** Looks at the next beat, and before it when two intervals of silence end earlier: beats alone would take up to three to notice. */
  #next(intervalMs: number, untilBeatMs: number): void {
    const untilSilentMs = this.#heardAt + 2 * intervalMs - this.#parts.environment.now();
    const delayMs = untilSilentMs > 0 ? Math.min(untilBeatMs, untilSilentMs) : untilBeatMs;
    this.#cancelTimer = this.#parts.environment.after(delayMs, () => {
      const silenceMs = this.#parts.environment.now() - this.#heardAt;
      if (silenceMs >= 2 * intervalMs) return this.#parts.onSilence();
      if (delayMs < untilBeatMs) return this.#next(intervalMs, untilBeatMs - delayMs);
      this.#next(intervalMs, intervalMs);
      this.#parts.ping();
    });
  }
}
