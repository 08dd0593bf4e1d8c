import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { SubprotocolName } from '@parley/protocol';
import { acceptBare } from './floors/bare-server.ts';
import { Rooms } from './floors/rooms.ts';
import { acceptWithWs } from './floors/ws-server.ts';

/**
 * A server that does the sockets' part of Parley's work and nothing else: `floor-main.ts ws|plain|bare binary|json TEXT_BYTES`. Connections of the same path are in one room.
 * Prints its address.
 */
const [library = 'ws', codec = 'binary', textBytes = '200'] = process.argv.slice(2);
// The cast holds as far as the bench keeps it: it alone starts this file.
const rooms = new Rooms(codec as SubprotocolName, Number(textBytes));
const accept = library === 'bare' ? acceptBare(rooms) : acceptWithWs(rooms, { coalesce: library === 'ws' });
const server = createServer();
// The cast holds: an HTTP server over TCP hands out net.Socket.
server.on('upgrade', (request, socket, head) => accept(request, socket as Socket, head));
server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
