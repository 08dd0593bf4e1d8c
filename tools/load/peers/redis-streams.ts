import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithUs } from '../children.ts';
import { addressed, freePort, type Peer } from './peer.ts';

/** Redis says so when it listens. */
const READY = 'Ready to accept connections';

export const redisStreams: Peer = {
  name: 'Redis Streams',
  acknowledges:
    'the entry is in the append-only file and flushed (appendfsync always) before the reply to XADD; no log-in, no rights, no gapless number; a stream for each recipient',
  async start(plan) {
    const seats = addressed(plan, (seat) => `inbox:${seat}`);
    const port = await freePort();
    const settings = {
      port: String(port),
      bind: '127.0.0.1',
      dir: plan.directory,
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      // Two connections a client.
      maxclients: String(seats.length * 2 + 100),
      // The driver's source addresses are loopback too, but not the one that Redis means.
      'protected-mode': 'no',
      daemonize: 'no',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    endWithUs(child);
    child.once('error', () => undefined);
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes(READY)) continue;
      child.stdout.resume();
      const stop = (): void => void child.kill('SIGKILL');
      const url = `redis://127.0.0.1:${port}`;
      return { url, pids: [child.pid ?? 0], dialect: 'resp', seats, connectionsPerSeat: 2, stop };
    }
    throw new Error('Redis did not start: the Debian package is redis-server.');
  },
};
