import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type FramePlace, frameOf, OPCODE, readFrame } from './websocket-bytes.ts';

const OPEN_DEADLINE_MS = 30_000;
/** All sockets of a process read into this one buffer: frames are looked at before the next read, and only a cut one is copied. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1_024);
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);
/** One source address has about 28,000 ports for one server: beyond that many connections more addresses of 127.0.0.0/8 are needed (Linux answers to all of them). */
const CONNECTIONS_PER_ADDRESS = 5_000;
const FIRST_PORT = 20_000;

export interface WireTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly subprotocol: string;
}

export interface WireListener {
  /** A data frame of the server; the bytes are only good during the call. */
  onFrame(bytes: Buffer, start: number, end: number): void;
  onClose(reason: string): void;
}

/**
 * Address and port of a seat's own end. The port is named too: to find a free one for the ten-thousandth connection took the system a third of a millisecond, most of all that connecting cost
 * the driver. Empty elsewhere than on Linux.
 */
export function ownEnd(seat: number): { readonly localAddress?: string; readonly localPort?: number } {
  if (process.platform !== 'linux') return {};
  const place = Math.floor(seat / CONNECTIONS_PER_ADDRESS) + 1;
  return {
    localAddress: `127.1.${(place >> 8) & 255}.${place & 255}`,
    localPort: FIRST_PORT + (seat % CONNECTIONS_PER_ADDRESS),
  };
}

/**
 * A minimal WebSocket client over a bare socket (RFC 6455): what is sent are finished masked frames, what arrives is handed on without decoding. It costs a fraction of
 * a full client, so that on a shared machine the figures are the server's and not the driver's.
 */
export class Wire {
  /** Resolves when the server has agreed to speak WebSocket; its first frames may have arrived by then. */
  readonly opened: Promise<void>;
  readonly #socket: Socket;
  readonly #listener: WireListener;
  readonly #place: FramePlace = { opcode: 0, mask: -1, start: 0, end: 0 };
  #rest = EMPTY;
  /** Undefined once the upgrade was answered. */
  #opening: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();
  bytesIn = 0;

  /** `seat` chooses the own address and port. */
  constructor(target: WireTarget, seat: number, listener: WireListener) {
    this.#listener = listener;
    this.opened = this.#opening?.promise ?? Promise.resolve();
    this.#socket = connect({
      // A name would be looked up for each connection.
      host: target.host === 'localhost' ? '127.0.0.1' : target.host,
      port: target.port,
      noDelay: true,
      ...ownEnd(seat),
      onread: { buffer: READ_BUFFER, callback: (count, bytes) => this.#read(count, bytes) },
    });
    const deadline = setTimeout(() => this.#lost('was not answered in time'), OPEN_DEADLINE_MS);
    this.opened.then(
      () => clearTimeout(deadline),
      () => clearTimeout(deadline),
    );
    this.#socket.on('error', (error) => this.#lost(`failed: ${error.message}`));
    this.#socket.on('close', () => this.#lost('was closed'));
    this.#socket.write(
      `GET ${target.path} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${target.subprotocol}\r\n\r\n`,
    );
  }

  /** The buffer must not change until the server has answered it. */
  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(count: number, bytes: Uint8Array): boolean {
    this.bytesIn += count;
    // The cast holds: READ_BUFFER is what the socket was given to read into.
    let data = (bytes as Buffer).subarray(0, count);
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    const end = data.length;
    let at = this.#opening === undefined ? 0 : this.#readAnswer(data);
    while (at < end && readFrame(data, at, end, this.#place)) {
      const { opcode, start, end: frameEnd } = this.#place;
      if (opcode === OPCODE.text || opcode === OPCODE.binary) this.#listener.onFrame(data, start, frameEnd);
      else if (opcode === OPCODE.ping) this.write(frameOf(OPCODE.pong, data.subarray(start, frameEnd), randomBytes(4)));
      else if (opcode === OPCODE.close) this.#lost(closeReason(data, start, frameEnd));
      at = frameEnd;
    }
    this.#rest = at === end ? EMPTY : Buffer.from(data.subarray(at));
    return true;
  }

  #lost(reason: string): void {
    this.#socket.destroy();
    if (this.#opening === undefined) this.#listener.onClose(reason);
    else this.#opening.reject(new Error(`A connection ${reason}.`));
    this.#opening = undefined;
  }

  /** How much of the data belongs to the answer to the upgrade; frames may follow in the same read. */
  #readAnswer(data: Buffer): number {
    const at = data.indexOf(END_OF_HEADERS);
    if (at < 0) return 0;
    const status = data.toString('latin1', 9, 12);
    if (status !== '101') {
      this.#lost(`was refused with ${status}`);
      return data.length;
    }
    this.#opening?.resolve();
    this.#opening = undefined;
    return at + END_OF_HEADERS.length;
  }
}

const closeReason = (data: Buffer, start: number, end: number): string =>
  end - start < 2
    ? 'was closed'
    : `was closed with ${data.readUInt16BE(start)} ${data.toString('utf8', start + 2, end)}`;
