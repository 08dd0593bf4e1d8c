import type { Duplex } from 'node:stream';
import type { Clock } from '@parley/core';
import { CLOSE, type CloseName, type Codec } from '@parley/protocol';
import type { Counters } from './counters.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { Flushable, FrameWriter } from './frame-writer.ts';
import type { GatewaySocket } from './gateway-socket.ts';
import { OutboundQueue } from './outbound-queue.ts';
import type { Transport } from './transport.ts';

export interface SocketTransportParts {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly writer: FrameWriter;
  readonly outboundBytesMax: number;
}

/**
 * Writes finished frames straight to the TCP socket under `ws`: without compression `ws` keeps no state about what is sent, and each of its own
 * frames (pong, close) is a write of its own, so the two never mix inside a frame.
 */
export class SocketTransport implements Transport, Flushable {
  readonly codec: Codec;
  readonly #webSocket: GatewaySocket;
  readonly #socket: Duplex;
  readonly #parts: SocketTransportParts;
  readonly #queue: OutboundQueue;
  #scheduled = false;
  #closed = false;
  #stalledSince: number | null = null;
  #waiters: (() => void)[] | undefined;

  constructor(webSocket: GatewaySocket, socket: Duplex, codec: Codec, parts: SocketTransportParts) {
    this.codec = codec;
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#parts = parts;
    this.#queue = new OutboundQueue(codec, parts.outboundBytesMax, parts.counters);
  }

  get stalledSince(): number | null {
    return this.#stalledSince;
  }

  get hasRoom(): boolean {
    return this.#closed || (this.#queue.bytes + this.#socket.writableLength) * 2 < this.#parts.outboundBytesMax;
  }

  send(frame: EncodedFrame): boolean {
    if (this.#closed) return true;
    const result = this.#queue.push(frame, this.#socket.writableLength);
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
    this.#webSocket.pause();
  }

  resumeReading(): void {
    this.#webSocket.resume();
  }

  close(name: CloseName): void {
    if (this.#closed) return;
    if (name !== 'TOO_SLOW') this.#write();
    this.ended();
    this.#webSocket.close(CLOSE[name].code, CLOSE[name].reason);
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
    if (this.#socket.write(chunk) || this.#socket.writableLength === 0) this.#wake();
    else if (this.#stalledSince === null) {
      this.#stalledSince = this.#parts.clock.now();
      this.#socket.once('drain', () => this.#drained());
    }
  }

  #drained(): void {
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
