import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SERVER_MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const READY_DEADLINE_MS = 20_000;

/** A server that the demonstration may kill. */
export interface ServerChild {
  readonly url: string;
  readonly pid: number;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a server on `dataDirectory`; `port` 0 takes a free one. */
export async function startServerChild(dataDirectory: string, port: number): Promise<ServerChild> {
  const args = [
    'serve',
    '--data',
    dataDirectory,
    '--port',
    String(port),
    '--writes-per-minute',
    '0',
    '--conversation-writes-per-minute',
    '0',
    '--connections-per-minute',
    '0',
    '--log-level',
    'warn',
  ];
  const child = spawn(process.execPath, [SERVER_MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await addressOf(child);
  return {
    url,
    pid: child.pid ?? 0,
    end: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill(signal);
      }),
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server was started without an output.');
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_DEADLINE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /https?:\/\/[^\s/]+/.exec(line)?.[0];
      if (address !== undefined) return address;
    }
  } finally {
    clearTimeout(timer);
    child.stdout.resume();
  }
  throw new Error('The server did not start; its own words stand above.');
}
