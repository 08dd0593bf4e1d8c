import { type FilledBuckets, Histogram } from '../measure/histogram.ts';
import type { Seat } from './plan.ts';
import { Survivor } from './survivor.ts';

const OPENING_AT_ONCE = 100;
const STEP_MS = 20;
const TICK_MS = 10;
const DRAIN_MS = 30_000;

export interface StormOrder {
  readonly host: string;
  readonly port: number;
  /** Neighbours in twos are the two ends of a conversation. */
  readonly seats: readonly Seat[];
  /** Position of every conversation before the first message. */
  readonly headSeq: number;
  /** Messages that all seats together send, before, during and after the crash. */
  readonly perSecond: number;
  readonly text: string;
}

export interface StormResult {
  /** µs from the kill to being live again, one value a seat. */
  readonly resumedUs: FilledBuckets;
  /** µs from the kill to the first attempt at which somebody listened, one value a seat: what the jitter of the clients takes by itself. */
  readonly attemptedUs: FilledBuckets;
  readonly acknowledged: number;
  /** Acknowledged messages that one of the two ends does not have. */
  readonly lost: number;
  readonly duplicates: number;
  /** Seats with an entry missing below one that arrived. */
  readonly gaps: number;
  readonly unanswered: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Thousands of clients that live through the death of their server. */
export class Survivors {
  readonly #all: Survivor[];
  readonly #order: StormOrder;
  readonly #resumedUs = new Histogram();
  readonly #attemptedUs = new Histogram();
  #isListening = false;
  #killedAt: number | undefined;
  #load: NodeJS.Timeout | undefined;
  #owed = 0;

  constructor(order: StormOrder) {
    this.#order = order;
    this.#all = order.seats.map((seat) => {
      let attempt = { atUs: 0, isCounted: false };
      return new Survivor(seat, order.headSeq, order, {
        onConnect: () => {
          if (this.#killedAt === undefined || attempt.isCounted) return;
          attempt = { atUs: this.#sinceKillUs(), isCounted: this.#isListening };
          if (attempt.isCounted) this.#attemptedUs.add(attempt.atUs);
        },
        onLive: () => {
          if (this.#killedAt === undefined) return;
          this.#resumedUs.add(this.#sinceKillUs());
          // The attempt was under way when the server began to listen.
          if (!attempt.isCounted) this.#attemptedUs.add(attempt.atUs);
          attempt.isCounted = true;
        },
      });
    });
  }

  async open(): Promise<void> {
    for (let from = 0; from < this.#all.length; from += OPENING_AT_ONCE) {
      const some = this.#all.slice(from, from + OPENING_AT_ONCE);
      for (const survivor of some) survivor.connect();
      while (some.some(({ live }) => !live)) await wait(STEP_MS);
    }
    this.#load = setInterval(() => this.#sendDue(), TICK_MS);
  }

  /** The server is being killed now. */
  killed(): void {
    this.#killedAt = performance.now();
  }

  /** The server of after the kill takes connections. */
  listening(): void {
    this.#isListening = true;
  }

  get live(): number {
    return this.#all.filter(({ live }) => live).length;
  }

  get resumed(): number {
    return this.#resumedUs.total;
  }

  /** Ends the load, waits for the last answers and compares what both ends of each conversation have. */
  async finish(): Promise<StormResult> {
    clearInterval(this.#load);
    const deadline = performance.now() + DRAIN_MS;
    const open = (): number => this.#all.reduce((sum, { unanswered }) => sum + unanswered, 0);
    while ((open() > 0 || this.#lost() > 0) && performance.now() < deadline) await wait(STEP_MS);
    const result = {
      resumedUs: this.#resumedUs.filled(),
      attemptedUs: this.#attemptedUs.filled(),
      acknowledged: this.#all.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
      lost: this.#lost(),
      duplicates: this.#all.reduce((sum, { duplicates }) => sum + duplicates, 0),
      gaps: this.#all.filter(({ hasGap }) => hasGap).length,
      unanswered: open(),
    };
    for (const survivor of this.#all) survivor.close();
    return result;
  }

  #sinceKillUs(): number {
    return (performance.now() - (this.#killedAt ?? 0)) * 1_000;
  }

  #sendDue(): void {
    for (this.#owed += (this.#order.perSecond * TICK_MS) / 1_000; this.#owed >= 1; this.#owed -= 1)
      this.#all[Math.floor(Math.random() * this.#all.length)]?.say(this.#order.text);
  }

  #lost(): number {
    let lost = 0;
    this.#all.forEach((survivor, place) => {
      const partner = this.#all[place ^ 1];
      for (const seq of survivor.acknowledged) if (!survivor.has(seq) || partner?.has(seq) !== true) lost += 1;
    });
    return lost;
  }
}
