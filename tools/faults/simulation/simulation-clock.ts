import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@parley/core';

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Two are what fastify takes; the third is for its answer. */
const REQUEST_TURNS = 3;

/**
 * The one time of a simulated world. It moves only in `advance`, from event to event; between two of them everything that the first set in motion comes
 * to rest. Events of one moment run in the order in which they were set, so a run is repeatable.
 */
export class SimulationClock implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap by moment, then by order. */
  readonly #timers: Timer[] = [];
  /** HTTP requests in progress: streams need more turns of the loop to come to rest than promises. */
  requestsUnderWay = 0;

  /** `startAt`: Unix ms. */
  constructor(startAt = 1_760_000_000_000) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueAt: this.#now + Math.max(0, delayMs), order: this.#order, callback, cancelled: false };
    this.#order += 1;
    this.#push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Moves time forward by `ms` and runs what falls due. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let timer = this.#timers[0]; timer !== undefined && timer.dueAt <= end; timer = this.#timers[0]) {
      this.#pop();
      if (timer.cancelled) continue;
      this.#now = Math.max(this.#now, timer.dueAt);
      timer.callback();
      await this.settle();
    }
    this.#now = end;
  }

  /** The machines were asleep: time is later at once, and what fell due meanwhile runs late. */
  async jump(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  async settle(): Promise<void> {
    await nextTurn();
    for (let turn = 1; turn < REQUEST_TURNS && this.requestsUnderWay > 0; turn += 1) await nextTurn();
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, timer)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#timers;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let below = heap[child];
      const right = heap[child + 1];
      if (below !== undefined && right !== undefined && isBefore(right, below)) {
        child += 1;
        below = right;
      }
      if (below === undefined || isBefore(last, below)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.order < other.order);

/** The clock of one machine or app: may be wrong by a constant, and all its timers end with it. */
export class OwnedClock implements Clock {
  readonly #clock: SimulationClock;
  readonly #pending = new Set<() => void>();
  skewMs: number;
  #dead = false;

  constructor(clock: SimulationClock, skewMs = 0) {
    this.#clock = clock;
    this.skewMs = skewMs;
  }

  now(): number {
    return this.#clock.now() + this.skewMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (this.#dead) return () => undefined;
    const cancelTimer = this.#clock.after(delayMs, () => {
      this.#pending.delete(cancel);
      callback();
    });
    const cancel = (): void => {
      this.#pending.delete(cancel);
      cancelTimer();
    };
    this.#pending.add(cancel);
    return cancel;
  }

  get pendingTimers(): number {
    return this.#pending.size;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Nothing of this owner happens any more. */
  kill(): void {
    this.#dead = true;
    for (const cancel of [...this.#pending]) cancel();
  }
}
