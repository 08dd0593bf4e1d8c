import { type CloseName, type Codec, jsonCodec, type ServerFrame } from '@parley/protocol';
import type { Counters } from './counters.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import { OutboundQueue } from './outbound-queue.ts';
import type { Transport } from './transport.ts';

/** `pollRoutes`: at most this many frames in one answer. */
const FRAMES_PER_ANSWER_MAX = 500;

/** The outgoing side of a long-poll session: frames are numbered when they are handed out and kept until a later cursor acknowledges them (POLL-2). */
export class PollTransport implements Transport {
  readonly codec: Codec = jsonCodec;
  readonly stalledSince = null;
  readonly #bytesMax: number;
  readonly #queue: OutboundQueue;
  readonly #counters: Counters;
  readonly #onEnded: () => void;
  #handed: EncodedFrame[] = [];
  #handedBytes = 0;
  /** Number of the last acknowledged frame. */
  #acknowledged = 0;
  #closed = false;
  #wakePoll: (() => void) | undefined;
  #waiters: (() => void)[] = [];

  /** `onEnded` is called once. */
  constructor(bytesMax: number, counters: Counters, onEnded: () => void = () => undefined) {
    this.#onEnded = onEnded;
    this.#bytesMax = bytesMax;
    this.#counters = counters;
    this.#queue = new OutboundQueue(this.codec, bytesMax, counters);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get hasRoom(): boolean {
    return this.#closed || (this.#queue.bytes + this.#handedBytes) * 2 < this.#bytesMax;
  }

  send(frame: EncodedFrame): boolean {
    if (this.#closed) return true;
    const result = this.#queue.push(frame, this.#handedBytes);
    this.#wakePoll?.();
    return result !== 'overflow';
  }

  room(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  /** HTTP requests cannot be paused: the session refuses commands while the connection is busy. */
  pauseReading(): void {}
  resumeReading(): void {}

  /** There is no frame for a close code in HTTP: the next request hears that the session is over. */
  close(_name: CloseName): void {
    this.ended();
  }

  ended(): void {
    if (!this.#closed) this.#onEnded();
    this.#closed = true;
    this.#wakePoll?.();
    this.#wakeWaiters();
  }

  /** Forgets what the client has; false: the number was never handed out, or what follows it is gone already. */
  acknowledge(upTo: number): boolean {
    const count = upTo - this.#acknowledged;
    if (count < 0 || count > this.#handed.length) return false;
    for (const frame of this.#handed.splice(0, count)) this.#handedBytes -= frame.bytes(this.codec).byteLength;
    this.#acknowledged = upTo;
    if (this.hasRoom) this.#wakeWaiters();
    return true;
  }

  /** All frames after the acknowledged one, and the number of the last of them. */
  handOut(): { readonly upTo: number; readonly frames: ServerFrame[] } {
    for (const frame of this.#queue.take(FRAMES_PER_ANSWER_MAX - this.#handed.length)) {
      const bytes = frame.bytes(this.codec).byteLength;
      this.#handed.push(frame);
      this.#handedBytes += bytes;
      this.#counters.framesOut += 1;
      this.#counters.bytesOut += bytes;
    }
    return { upTo: this.#acknowledged + this.#handed.length, frames: this.#handed.map(({ frame }) => frame) };
  }

  get idle(): boolean {
    return !this.#closed && this.#queue.length === 0 && this.#handed.length === 0;
  }

  /** Calls back once when there is something to hand out or the session ends; a second caller takes the place of the first, who is called as well. */
  onNews(callback: () => void): void {
    this.#wakePoll?.();
    this.#wakePoll = () => {
      this.#wakePoll = undefined;
      callback();
    };
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
