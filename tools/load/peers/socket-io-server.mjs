import { createServer } from 'node:http';
import pg from 'pg';
import { Server } from 'socket.io';

/**
 * The chat server that most would write in an afternoon: Socket.IO, rooms, and a PostgreSQL insert that is awaited before the acknowledgement. One row a message with
 * a unique key, as a retry needs it; `socket-io-server.mjs POSTGRES_SOCKET_FOLDER`. Prints its address.
 */
const CONNECTIONS = 32;
const pool = new pg.Pool({ host: process.argv[2], user: 'postgres', database: 'postgres', max: CONNECTIONS });
await pool.query(`CREATE TABLE IF NOT EXISTS message (
  id bigserial PRIMARY KEY, room text NOT NULL, client_msg_id uuid NOT NULL UNIQUE, body text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`);
const insert = {
  name: 'insert',
  text: 'INSERT INTO message (room, client_msg_id, body) VALUES ($1, $2, $3) RETURNING id',
};

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, maxHttpBufferSize: 65_536 });
io.on('connection', (socket) => {
  const room = String(socket.handshake.query.room);
  socket.join(room);
  socket.on('send', async ({ client_msg_id, text }, acknowledge) => {
    const { rows } = await pool.query({ ...insert, values: [room, client_msg_id, text] });
    acknowledge({ client_msg_id, id: rows[0].id });
    socket.to(room).emit('message', { client_msg_id, id: rows[0].id, room, text });
  });
});
http.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () =>
  console.log(`http://127.0.0.1:${http.address().port}`),
);
