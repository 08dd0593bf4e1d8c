import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../apps/server/src/main.ts');
const READY_WITHIN_MS = 20_000;

/** A real server that serves the built web app, with its data on disk, so that it can be killed and started again. */
export class ServerProcess {
  readonly #directory: string;
  #child: ChildProcess | undefined;
  #port = 0;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async start(): Promise<ServerProcess> {
    const server = new ServerProcess(await mkdtemp(join(tmpdir(), 'parley-browser-')));
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** On the same port, with the same data; `more`: flags of this start. */
  async startAgain(more: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.#port === 0) this.#port = await quietPort();
    const flags = {
      port: this.#port,
      data: this.#directory,
      'writes-per-minute': 0,
      'requests-per-minute': 0,
      'connections-per-minute': 0,
      // Whoever makes a crowd says that it comes from many addresses: each may register only so often.
      'trusted-proxies': '127.0.0.1,::1',
      ...more,
    };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(process.execPath, [program, 'serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#port = await portOf(child);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

/** Below the ports that systems give to outgoing connections: a browser that calls a server which is away must not be given the server's own port. */
const QUIET_PORTS = { from: 20_000, to: 30_000 };

async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(QUIET_PORTS.from, QUIET_PORTS.to);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, 'localhost', () => probe.close(() => resolve(true)));
  });

async function portOf(child: ChildProcess): Promise<number> {
  let output = '';
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const announced = new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = /Open\s+http:\/\/\S+?:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', () => reject(new Error(`The server ended before it was ready.\n${output}`)));
    deadline.addEventListener('abort', () => reject(new Error(`The server was not ready in time.\n${output}`)));
  });
  return announced;
}
