import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../children.ts';
import type { Peer } from './peer.ts';
import { startPostgres } from './postgres.ts';

const SERVER = fileURLToPath(new URL('./socket-io-server.mjs', import.meta.url));

/** Needs `npm ci --ignore-scripts` in tools/load/peers and the Debian package postgresql. */
export const socketIo: Peer = {
  name: 'Socket.IO',
  acknowledges: 'the row is committed in PostgreSQL (fsync and synchronous_commit on); no log-in, no gapless number',
  async start({ directory, seats, roomOf }) {
    const postgres = await startPostgres(directory);
    const child = spawn(process.execPath, [SERVER, postgres.host], { stdio: ['ignore', 'pipe', 'inherit'] });
    endWithUs(child);
    const stop = (): void => {
      child.kill('SIGKILL');
      postgres.stop();
    };
    const guests = seats.map(({ seat, lanes }) => {
      const room = encodeURIComponent(roomOf(seat));
      return { seat, lanes, path: `/socket.io/?EIO=4&transport=websocket&room=${room}` };
    });
    const pids = [child.pid ?? 0, postgres.pid];
    for await (const url of createInterface({ input: child.stdout }))
      return { url, pids, dialect: 'socket.io', seats: guests, stop };
    postgres.stop();
    throw new Error('The Socket.IO peer did not start: run npm ci --ignore-scripts in tools/load/peers first.');
  },
};
