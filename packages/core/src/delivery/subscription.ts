import type { UserId } from '@parley/protocol';
import type { Numbered } from './hold-back.ts';

/** Whoever takes entries: an object of the hub, compared by identity. */
export interface TopicSubscriber {
  readonly userId: UserId;
}

/** Live entries that wait for the end of a replay; beyond, they are forgotten and read from the log. */
const WAITING_MAX = 256;

/** One subscriber's place in a topic stream. */
export class Subscription<S extends TopicSubscriber> {
  readonly subscriber: S;
  /** A removal of its user after this seq ends it. */
  readonly memberSince: number;
  deliveredUpTo = 0;
  /** The first seq that its user may see; known when it begins to replay. */
  visibleFromSeq = 1;
  ended = false;
  /** Undefined: live. */
  #waiting: Numbered[] | 'too_many' | undefined = [];

  constructor(subscriber: S, memberSince: number) {
    this.subscriber = subscriber;
    this.memberSince = memberSince;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  beginWaiting(): void {
    this.#waiting = [];
  }

  keepWaiting(numbered: Numbered): void {
    if (this.#waiting === undefined || this.#waiting === 'too_many') return;
    if (this.#waiting.length < WAITING_MAX) this.#waiting.push(numbered);
    else this.#waiting = 'too_many';
  }

  /** Ends the wait and gives what came meanwhile; `too_many`: it goes on waiting and has to read again. */
  goLive(): readonly Numbered[] | 'too_many' {
    const waiting = this.#waiting ?? [];
    if (waiting !== 'too_many') this.#waiting = undefined;
    return waiting;
  }
}
