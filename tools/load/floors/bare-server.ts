import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type FramePlace, frameOf, OPCODE, readFrame } from '../driver/websocket-bytes.ts';
import { type Guest, placeOf, type Rooms } from './rooms.ts';

/** RFC 6455 section 1.3. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * The floor without a WebSocket library: the least that Node can do for a frame, one read and one write a connection and turn. Against it the driver shows what it
 * can do itself: no server can look faster than this.
 */
export function acceptBare(rooms: Rooms): (request: IncomingMessage, socket: Socket) => void {
  const waiting = new Map<Socket, Buffer[]>();
  const flush = (): void => {
    for (const [socket, frames] of waiting) {
      const [only] = frames;
      socket.write(frames.length === 1 && only !== undefined ? only : Buffer.concat(frames));
    }
    waiting.clear();
  };
  const send = (socket: Socket, frame: Buffer): void => {
    if (waiting.size === 0) setImmediate(flush);
    const frames = waiting.get(socket);
    if (frames === undefined) waiting.set(socket, [frame]);
    else frames.push(frame);
  };
  const place: FramePlace = { opcode: 0, mask: -1, start: 0, end: 0 };
  // The same message goes to all guests of a room: its frame is built once.
  let framed: { readonly payload: Buffer; readonly frame: Buffer } | undefined;
  const frameFor = (payload: Buffer, opcode: number): Buffer => {
    if (framed?.payload !== payload) framed = { payload, frame: frameOf(opcode, payload) };
    return framed.frame;
  };

  return (request, socket) => {
    const protocol = request.headers['sec-websocket-protocol'] ?? '';
    const key = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}${ACCEPT_SUFFIX}`)
      .digest('base64');
    socket.setNoDelay(true);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    const { room, stampAt } = placeOf(request.url);
    const opcode = protocol.endsWith('.pb') ? OPCODE.binary : OPCODE.text;
    const guest: Guest = { send: (payload) => send(socket, frameFor(payload, opcode)) };
    rooms.enter(room, guest);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (readFrame(data, at, data.length, place)) {
        const { mask, start, end } = place;
        for (let index = 0; index < end - start; index += 1)
          data[start + index] = (data[start + index] ?? 0) ^ (data[mask + (index & 3)] ?? 0);
        rooms.said(room, guest, data.subarray(start, end), stampAt);
        at = end;
      }
      rest = data.subarray(at);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => rooms.leave(room, guest));
  };
}
