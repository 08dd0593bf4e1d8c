import { connect, type Socket } from 'node:net';
import type { Connection } from './frame-shape.ts';
import type { Seat } from './plan.ts';
import { ownEnd, type WireListener, type WireTarget } from './wire.ts';

const EMPTY = Buffer.alloc(0);
const RETURN = 0x0d;
const [ARRAY, BULK] = ['*', '$'].map((kind) => kind.charCodeAt(0));
/** Bulk strings of an answer to XREAD: the stream's name, then of each entry its id, and the names and values of its two fields. */
const ENTRY = { parts: 5, id: 0, stampName: 1, stamp: 2 } as const;

/** Arrays and bulk strings of Redis's protocol as bytes. */
export function respCommand(...parts: readonly (string | Uint8Array)[]): Buffer {
  const bulks = parts.map((part) => {
    const bytes = Buffer.from(part);
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);
  });
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...bulks]);
}

/** Where the reply that begins at `at` ends, -1 while it is not whole. `onBulk` gets the place of each bulk string in it. */
export function replyEnd(bytes: Buffer, at: number, onBulk?: (start: number, end: number) => void): number {
  const line = bytes.indexOf(RETURN, at);
  if (line < 0 || line + 2 > bytes.length) return -1;
  const kind = bytes[at];
  if (kind !== ARRAY && kind !== BULK) return line + 2;
  const count = Number(bytes.toString('latin1', at + 1, line));
  let end = line + 2;
  if (kind === BULK) {
    if (count < 0) return end;
    if (end + count + 2 > bytes.length) return -1;
    onBulk?.(end, end + count);
    return end + count + 2;
  }
  for (let left = count; left > 0 && end >= 0; left -= 1) end = replyEnd(bytes, end, onBulk);
  return end;
}

/** Two connections to Redis, as a client of its streams has them: one that writes, one that always waits for the next entry of its own stream. */
export class RespWire implements Connection {
  readonly opened: Promise<void>;
  readonly #listener: WireListener;
  readonly #stream: string;
  readonly #writer: Socket;
  readonly #reader: Socket;
  #closed = false;
  bytesIn = 0;

  constructor(target: WireTarget, seat: Seat, listener: WireListener) {
    this.#listener = listener;
    this.#stream = seat.address?.own ?? '';
    const open = (place: number): Socket =>
      connect({ host: target.host, port: target.port, noDelay: true, ...ownEnd(seat.seat * 2 + place) });
    [this.#writer, this.#reader] = [open(0), open(1)];
    const sockets = [this.#writer, this.#reader];
    this.opened = Promise.all(
      sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', resolve))),
    ).then(() => this.#await('$'));
    for (const socket of sockets) {
      socket.on('error', (error) => this.#lost(`failed: ${error.message}`));
      socket.on('close', () => this.#lost('was closed'));
    }
    this.#onReplies(this.#writer, (bytes, start, end) => {
      if (bytes[start] === BULK) this.#listener.onFrame(bytes, start, end);
      else this.#lost(`was answered with ${bytes.toString('latin1', start, end)}`);
    });
    this.#onReplies(this.#reader, (bytes, start) => this.#entries(bytes, start));
  }

  write(frames: Buffer): void {
    this.#writer.write(frames);
  }

  close(): void {
    this.#closed = true;
    this.#writer.destroy();
    this.#reader.destroy();
  }

  #await(after: string): void {
    this.#reader.write(respCommand('XREAD', 'BLOCK', '0', 'STREAMS', this.#stream, after));
  }

  #onReplies(socket: Socket, onReply: (bytes: Buffer, start: number, end: number) => void): void {
    let rest: Buffer = EMPTY;
    socket.on('data', (chunk: Buffer) => {
      this.bytesIn += chunk.length;
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let end = replyEnd(data, 0); at < data.length && end >= 0; end = replyEnd(data, at)) {
        onReply(data, at, end);
        at = end;
      }
      rest = data.subarray(at);
    });
  }

  /** Hands each entry on from the name of its stamp's field, then waits for what comes after the last one. */
  #entries(bytes: Buffer, start: number): void {
    let bulk = -1;
    let lastId = '';
    let stampAt = 0;
    replyEnd(bytes, start, (from, to) => {
      const part = bulk % ENTRY.parts;
      if (bulk >= 0 && part === ENTRY.id) lastId = bytes.toString('latin1', from, to);
      if (bulk >= 0 && part === ENTRY.stampName) stampAt = from;
      if (bulk >= 0 && part === ENTRY.stamp) this.#listener.onFrame(bytes, stampAt, to);
      bulk += 1;
    });
    if (lastId === '') this.#lost(`was answered with ${bytes.toString('latin1', start, start + 100)}`);
    else this.#await(lastId);
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#listener.onClose(reason);
  }
}
