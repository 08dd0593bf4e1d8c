import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@parley/core';

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  #setByMs = 0;
  #timers: Timer[] = [];

  /** `startAt`: Unix ms. */
  constructor(startAt = 1_760_000_000_000) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now + this.#setByMs;
  }

  /** The time of day is set ahead or, below 0, back. Timers do not follow it. */
  set(byMs: number): void {
    this.#setByMs += byMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueAt: this.#now + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that are set and have not run. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /**
   * Moves time forward and runs the timers that fall due, in order of time and then of setting, each at its own moment. After each
   * one everything that it set in motion comes to rest, so that a timer which it sets anew within the span runs too.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await setImmediate();
    for (let timer = this.#nextDue(end); timer !== undefined; timer = this.#nextDue(end)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      this.#now = Math.max(this.#now, timer.dueAt);
      timer.callback();
      await setImmediate();
    }
    this.#now = end;
  }

  #nextDue(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAt <= end && (next === undefined || timer.dueAt < next.dueAt)) next = timer;
    }
    return next;
  }
}
