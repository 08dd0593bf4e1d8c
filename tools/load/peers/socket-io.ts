import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../children.ts';
import { startPostgres } from './postgres.ts';

const SERVER = fileURLToPath(new URL('./socket-io-server.mjs', import.meta.url));

/** A server that Parley is measured against. */
export interface PeerProcess {
  readonly pid: number;
  readonly url: string;
  stop(): void;
}

/** What an acknowledgement of this peer means; stands beside every figure of it. */
export const SOCKET_IO_ACKNOWLEDGES =
  'Socket.IO 4.8.4, one process, PostgreSQL on the same machine: the row is committed (synchronous_commit on) before the acknowledgement; no gapless number, no resume.';

/** Needs `npm ci --ignore-scripts` in tools/load/peers and the Debian package postgresql. */
export async function startSocketIo(directory: string): Promise<PeerProcess> {
  const postgres = await startPostgres(directory);
  const child = spawn(process.execPath, [SERVER, postgres.host], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithUs(child);
  const stop = (): void => {
    child.kill('SIGKILL');
    postgres.stop();
  };
  for await (const url of createInterface({ input: child.stdout })) return { pid: child.pid ?? 0, url, stop };
  postgres.stop();
  throw new Error('The Socket.IO peer did not start: run npm ci --ignore-scripts in tools/load/peers first.');
}
