import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { type Guest, placeOf, type Rooms } from './rooms.ts';

/** Sockets that were corked in this turn of the event loop: what is sent in one turn leaves in one write, as Parley does it. */
const corked = new Set<Socket>();
const uncorkAll = (): void => {
  for (const socket of corked) socket.uncork();
  corked.clear();
};
const cork = (socket: Socket): void => {
  if (corked.size === 0) setImmediate(uncorkAll);
  if (corked.has(socket)) return;
  corked.add(socket);
  socket.cork();
};

/** The floor with the library that Parley uses, with the same settings. Without `coalesce` each frame is a write of its own, as `ws` does by itself. */
export function acceptWithWs(
  rooms: Rooms,
  { coalesce }: { readonly coalesce: boolean },
): (request: IncomingMessage, socket: Socket, head: Buffer) => void {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
  return (request, socket, head) => {
    socket.setNoDelay(true);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const { room, stampAt } = placeOf(request.url);
      const binary = webSocket.protocol.endsWith('.pb');
      const guest: Guest = {
        send: (payload) => {
          if (coalesce) cork(socket);
          webSocket.send(payload, { binary });
        },
      };
      rooms.enter(room, guest);
      // The cast holds: with the default binaryType a message is one Buffer.
      webSocket.on('message', (data) => rooms.said(room, guest, data as Buffer, stampAt));
      webSocket.on('error', () => socket.destroy());
      webSocket.on('close', () => rooms.leave(room, guest));
    });
  };
}
