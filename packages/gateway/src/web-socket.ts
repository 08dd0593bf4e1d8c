import { Duplex } from 'node:stream';
import type { Clock } from '@parley/core';
import { LIMITS } from '@parley/protocol';
import type { Connection } from './connection.ts';
import { type FrameListener, FrameReader } from './frame-reader.ts';
import { controlFrame } from './websocket-frame.ts';

/** A message that needs more pieces than this is an attack: 64 KiB in the smallest usual segments are 122. */
const FRAME_LIMITS = { messageBytesMax: LIMITS.frameBytesMax, fragmentsMax: 128 };
/** How long the peer has to answer our close frame and to hang up. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * The server's end of one WebSocket, from the answer to the handshake on: reads frames for its connection, answers pings, does the closing handshake (RFC 6455 §5.5, §7). Data frames
 * are written by whoever has them ready, through `write`.
 */
export class WebSocketEnd implements FrameListener {
  readonly #socket: CarryingSocket;
  readonly #clock: Clock;
  readonly #reader = new FrameReader(this, FRAME_LIMITS);
  /** Whose frames these are; set before the first of them is read. */
  connection: Connection | undefined = undefined;
  /** Called when all that was written has left, after a `write` that gave false. */
  onDrain: (() => void) | undefined = undefined;
  #closeSent = false;
  #cancelTimeout: (() => void) | undefined;
  /** The last ping that could not be answered, because the client does not take what is written (RFC 6455 §5.5.3: one answer for several is enough). */
  #unanswered: Buffer | undefined;

  constructor(socket: Duplex, clock: Clock) {
    // The cast holds: CarryingSocket adds a field that is set here.
    this.#socket = socket as CarryingSocket;
    this.#clock = clock;
    this.#socket[END] = this;
    // All sockets share these listeners: closures of its own would make each idle connection larger.
    socket.push = push;
    socket.on('data', onData);
    socket.on('drain', onDrain);
    socket.on('end', onEnd);
    socket.on('close', onClose);
    socket.on('error', onError);
  }

  get writableLength(): number {
    return this.#socket.writableLength;
  }

  /** As Writable.write. */
  write(bytes: Buffer): boolean {
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  read(piece: Buffer): void {
    this.#reader.read(piece);
  }

  message(data: Buffer, isBinary: boolean): void {
    this.connection?.receive(data, isBinary);
  }

  ping(payload: Buffer): void {
    if (this.connection?.heard(payload.length) !== true || this.#closeSent) return;
    if (this.#socket.writableNeedDrain) this.#unanswered = Buffer.from(payload);
    else this.#socket.write(controlFrame('pong', payload));
  }

  pong(payload: Buffer): void {
    this.connection?.heard(payload.length);
  }

  closing(code: number | undefined): void {
    this.#sendClose(code === undefined ? Buffer.alloc(0) : closePayload(code, ''));
    this.hangUp();
  }

  violated(kind: 'BAD_FRAME' | 'TOO_LARGE'): void {
    // After our close frame nobody would read an answer.
    if (this.#closeSent) this.#socket.destroy();
    else this.connection?.frameRefused(kind);
  }

  /** Begins the closing handshake. What the client sends until it has answered is not taken any more. */
  close(code: number, reason: string): void {
    this.#sendClose(closePayload(code, reason));
  }

  #sendClose(payload: Buffer): void {
    if (this.#closeSent) return;
    this.#closeSent = true;
    this.#socket.write(controlFrame('close', payload));
    this.#socket.resume();
    this.#endSoon();
  }

  #endSoon(): void {
    this.#cancelTimeout ??= this.#clock.after(CLOSE_TIMEOUT_MS, () => this.#socket.destroy());
  }

  /** Nothing follows from the client. */
  hangUp(): void {
    this.#letGo();
    this.#socket.end();
    // Who takes nothing any more would hold what waits to be written.
    this.#endSoon();
  }

  drained(): void {
    const payload = this.#unanswered;
    this.#unanswered = undefined;
    if (payload !== undefined && !this.#closeSent) this.#socket.write(controlFrame('pong', payload));
    this.onDrain?.();
  }

  gone(): void {
    this.#cancelTimeout?.();
    this.#letGo();
  }

  #letGo(): void {
    this.connection?.transport.ended();
    this.connection?.ended();
  }
}

function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

const END = Symbol('the WebSocket on a socket');
interface CarryingSocket extends Duplex {
  [END]: WebSocketEnd;
}

// These stand on sockets that carry an end only.

/**
 * As Readable.push. What arrives while the socket flows goes to the reader by itself: the stream would ask after each piece, in a tick of its own, whether it should read more.
 */
function push(this: CarryingSocket, piece: unknown): boolean {
  if (!(piece instanceof Buffer && this.readableFlowing === true && this.readableLength === 0))
    return Duplex.prototype.push.call(this, piece);
  this[END].read(piece);
  return true;
}

/** What had to wait while the socket was paused. */
function onData(this: CarryingSocket, piece: Buffer): void {
  this[END].read(piece);
}

function onDrain(this: CarryingSocket): void {
  this[END].drained();
}

/** The client sends nothing more; HTTP sockets would stay half open. */
function onEnd(this: CarryingSocket): void {
  this[END].hangUp();
}

function onClose(this: CarryingSocket): void {
  this[END].gone();
}

/** A socket that breaks ends in `close`. */
function onError(): void {}
