import { connect, type Socket } from 'node:net';
import { SUBPROTOCOLS } from '@parley/protocol';
import type { TestNode } from './test-node.ts';

/** What a client asks to get a WebSocket of JSON frames. */
export const UPGRADE_REQUEST =
  `GET /api/v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOLS.json}\r\n\r\n`;

/** A socket that speaks the framing by hand; resolves when the server has switched protocols. `first` is sent with the request. */
export function rawSocket(node: TestNode, first: Buffer = Buffer.alloc(0)): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(node.port, '127.0.0.1');
    socket.write(Buffer.concat([Buffer.from(UPGRADE_REQUEST), first]));
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      socket.pause();
      socket.unshift(head);
      resolve(socket);
    });
  });
}

/** A frame of a client of at most 65,535 bytes, unfragmented. */
export function clientFrame(opcode: number, payload: string | Uint8Array): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const mask = Buffer.from([1, 2, 3, 4]);
  const masked = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  const { length } = bytes;
  const head = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(0x80 | opcode, ...head), mask, masked]);
}

/** Resolves with all that came, once `wanted` stands in it or the server has hung up. */
export function untilCame(socket: Socket, wanted: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    let came: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      came = Buffer.concat([came, chunk]);
      if (came.includes(wanted)) resolve(came);
    });
    socket.on('close', () => resolve(came));
    socket.resume();
  });
}

/** The close code in the last close frame that a raw socket got before it ended. */
export function closeCodeOf(socket: Socket): Promise<number | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const at = bytes.lastIndexOf(0x88);
      if (at >= 0 && bytes.length >= at + 4) resolve(bytes.readUInt16BE(at + 2));
    });
    socket.on('close', () => resolve(undefined));
    socket.resume();
  });
}
