import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './children.ts';
import { costOf } from './measure/process-cost.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const READY_DEADLINE_MS = 20_000;
const LINES_KEPT = 3;

/** A real server as a process of its own, on a free port of loopback. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Resident memory in bytes. */
  residentBytes(): number;
  /** CPU seconds spent so far. */
  cpuSeconds(): number;
  /** The last that it said on its standard output. */
  lastLines(): readonly string[];
  /** Resolves with the exit code or signal once the process is gone. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string>;
}

/** Starts `serve` on `data` and waits until it is ready. Without `quiet` its own lines are shown. */
export async function startServer(
  dataDirectory: string,
  options: {
    readonly port?: number;
    readonly args?: readonly string[];
    /** In place of this process's own. */
    readonly environment?: Readonly<Record<string, string>>;
    /** The folder of the Parley that runs; this one. */
    readonly checkout?: string;
  } = {},
): Promise<ServerProcess> {
  const args = [
    'serve',
    '--data',
    dataDirectory,
    '--port',
    String(options.port ?? 0),
    '--writes-per-minute',
    '0',
    '--requests-per-minute',
    '0',
    '--conversation-writes-per-minute',
    '0',
    '--connections-per-minute',
    '0',
    '--log-level',
    'warn',
  ];
  const checkout = options.checkout ?? CHECKOUT;
  const main = join(checkout, 'apps/server/src/main.ts');
  const child = spawn(process.execPath, [...heapOf(checkout), main, ...args, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(options.environment === undefined ? {} : { env: options.environment }),
  });
  endWithUs(child);
  const lines: string[] = [];
  // All that it prints is taken, also later: a full pipe would stop it.
  const output = createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
  });
  const url = await readyAddress(child, output);
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    residentBytes: () => costOf(pid).residentBytes,
    cpuSeconds: () => costOf(pid).cpuSeconds,
    lastLines: () => lines,
    stop: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null)
          return resolve(child.exitCode ?? child.signalCode ?? 0);
        child.once('exit', (code, killedBy) => resolve(code ?? killedBy ?? 0));
        child.kill(signal);
      }),
  };
}

/** The arguments for Node with which `bin/parley` of that checkout starts a server. */
function heapOf(checkout: string): readonly string[] {
  const script = join(checkout, 'bin/parley');
  const found = [...readFileSync(script, 'utf8').matchAll(/^(?:young|old)=(\S+)$/gm)];
  if (found.length === 0) throw new Error(`${script} has no line "young=…": how large its heap may get is unknown.`);
  return found.map(([, argument = '']) => argument);
}

async function readyAddress(child: ChildProcess, output: Interface): Promise<string> {
  const deadline = setTimeout(() => child.kill('SIGKILL'), READY_DEADLINE_MS);
  const address = await new Promise<string | undefined>((resolve) => {
    output.on('line', (line) => {
      const found = /https?:\/\/[^\s]+/.exec(line)?.[0];
      if (found !== undefined) resolve(found);
    });
    output.once('close', () => resolve(undefined));
  });
  clearTimeout(deadline);
  if (address !== undefined) return new URL(address).origin;
  throw new Error(`The server did not become ready within ${READY_DEADLINE_MS / 1_000} s; see its last lines above.`);
}
