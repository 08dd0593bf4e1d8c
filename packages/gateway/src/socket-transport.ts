import type { Clock } from '@parley/core';
import { CLOSE, type CloseName, type Codec } from '@parley/protocol';
import type { Counters } from './counters.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { Flushable, FrameWriter } from './frame-writer.ts';
import { OutboundQueue } from './outbound-queue.ts';
import type { Transport } from './transport.ts';
import type { WebSocketEnd } from './web-socket.ts';

export interface SocketTransportParts {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly writer: FrameWriter;
  readonly outboundBytesMax: number;
}

/** Frames for one WebSocket: gathered during a turn of the event loop and written at its end. */
export class SocketTransport implements Transport, Flushable {
  readonly codec: Codec;
  readonly #end: WebSocketEnd;
  readonly #parts: SocketTransportParts;
  readonly #queue: OutboundQueue;
  #scheduled = false;
  #closed = false;
  #stalledSince: number | null = null;
  #waiters: (() => void)[] | undefined;

  constructor(end: WebSocketEnd, codec: Codec, parts: SocketTransportParts) {
    this.codec = codec;
    this.#end = end;
    this.#parts = parts;
    this.#queue = new OutboundQueue(codec, parts.outboundBytesMax, parts.counters);
  }

  get stalledSince(): number | null {
    return this.#stalledSince;
  }

  get hasRoom(): boolean {
    return this.#closed || (this.#queue.bytes + this.#end.writableLength) * 2 < this.#parts.outboundBytesMax;
  }

  send(frame: EncodedFrame): boolean {
    if (this.#closed) return true;
    const result = this.#queue.push(frame, this.#end.writableLength);
    // A burst within one loop turn is no slow reader: what the system's buffer takes at once does not count towards the bound.
    if (this.#stalledSince === null && !this.hasRoom) this.#write();
    if (result === 'queued' && !this.#scheduled && this.#stalledSince === null) {
      this.#scheduled = true;
      this.#parts.writer.schedule(this);
    }
    return result !== 'overflow';
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#stalledSince === null) this.#write();
  }

  room(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters ??= [];
      this.#waiters.push(resolve);
    });
  }

  pauseReading(): void {
    this.#end.pause();
  }

  resumeReading(): void {
    this.#end.resume();
  }

  close(name: CloseName): void {
    if (this.#closed) return;
    if (name !== 'TOO_SLOW') this.#write();
    this.ended();
    this.#end.close(CLOSE[name].code, CLOSE[name].reason);
  }

  ended(): void {
    this.#closed = true;
    this.#stalledSince = null;
    this.#queue.take();
    this.#wake();
  }

  #write(): void {
    if (this.#closed || this.#queue.length === 0) return;
    const frames = this.#queue.take();
    const [first] = frames;
    if (first === undefined) return;
    const isOne = frames.length === 1;
    const chunk = isOne ? first.bytes(this.codec) : Buffer.concat(frames.map((frame) => frame.bytes(this.codec)));
    const { counters } = this.#parts;
    counters.framesOut += frames.length;
    counters.bytesOut += chunk.byteLength;
    counters.socketWrites += 1;
    // False also means that the chunk was a large one: what counts is whether the system took it.
    if (this.#end.write(chunk) || this.#end.writableLength === 0) this.#wake();
    else if (this.#stalledSince === null) {
      this.#stalledSince = this.#parts.clock.now();
      this.#end.onDrain = () => this.#drained();
    }
  }

  #drained(): void {
    this.#end.onDrain = undefined;
    this.#stalledSince = null;
    this.#write();
    if (this.hasRoom) this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = undefined;
    for (const resolve of waiters ?? []) resolve();
  }
}
