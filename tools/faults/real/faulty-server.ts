import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerProcess, startServer } from '../../load/server-process.ts';
import type { UnsyncedDisk } from './unsynced-disk.ts';
import { within } from './within.ts';

/** The program gives itself 8 s for a drain and 1.5 s for the last answers (CONN-8); the rest is for a slow machine. */
const ENDED_WITHIN_MS = 30_000;
const METRICS_WITHIN_MS = 10_000;

/** The real server as a process, on a disk and a clock that can go wrong. */
export class FaultyServer {
  readonly #disk: UnsyncedDisk;
  readonly #clockLayer = findClockLayer();
  readonly #clockFile: string;
  #process: ServerProcess | undefined;
  /** Ends that nobody asked for. */
  readonly surprises: string[] = [];

  constructor(disk: UnsyncedDisk) {
    this.#disk = disk;
    this.#clockFile = join(disk.folder, 'clock');
    this.setClock(0);
  }

  /** False: libfaketime is not there. */
  get hasClock(): boolean {
    return this.#clockLayer !== undefined;
  }

  get isDown(): boolean {
    return this.#process === undefined;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get url(): string {
    // Nothing listens there: connections are refused.
    return this.#process?.url ?? 'http://127.0.0.1:1';
  }

  async start(): Promise<void> {
    const { preload, variables } = this.#disk.environment;
    const layers = [...preload, ...(this.#clockLayer === undefined ? [] : [this.#clockLayer])];
    const environment = {
      ...variables,
      LD_PRELOAD: layers.join(':'),
      FAKETIME_TIMESTAMP_FILE: this.#clockFile,
      // Timers follow a clock that nobody sets; the file is read again every second.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_CACHE_DURATION: '1',
    };
    this.#process = await startServer(this.#disk.data, { environment });
  }

  /** Sets the wall clock of the server apart from the machine's. */
  setClock(aheadSeconds: number): void {
    writeFileSync(this.#clockFile, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    if (this.#process !== undefined) process.kill(this.#process.pid, signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    if (ending === undefined) return;
    const how = await within(ENDED_WITHIN_MS, ending.stop(signal), () => 'still there').catch(async () => {
      this.surprises.push(`the server was still there ${ENDED_WITHIN_MS / 1_000} s after ${signal}`);
      await ending.stop('SIGKILL');
      return undefined;
    });
    const expected = signal === 'SIGKILL' ? 'SIGKILL' : 0;
    if (how !== undefined && how !== expected) this.surprises.push(`the server ended with ${how}, not ${expected}`);
  }

  async openConnections(): Promise<number> {
    const signal = AbortSignal.timeout(METRICS_WITHIN_MS);
    const text = await (await fetch(`${this.url}/metrics`, { signal })).text();
    return Number(/^chat_connections_active (\d+)/m.exec(text)?.[1] ?? Number.NaN);
  }
}

/** Debian puts it into a folder of the architecture. */
function findClockLayer(): string | undefined {
  const name = 'libfaketimeMT.so.1';
  try {
    for (const folder of readdirSync('/usr/lib', { withFileTypes: true }).filter((one) => one.isDirectory()))
      for (const place of [`/usr/lib/${folder.name}/faketime`, `/usr/lib/${folder.name}`])
        if (filesOf(place).includes(name)) return join(place, name);
  } catch {
    return undefined;
  }
  return undefined;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
