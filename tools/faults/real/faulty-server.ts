import { type ServerProcess, startServer } from '../../load/server-process.ts';
import { environmentUnder } from './layers.ts';
import { describeProcess } from './process-state.ts';
import type { UnsyncedDisk } from './unsynced-disk.ts';
import { WallClock } from './wall-clock.ts';
import { within } from './within.ts';

/** The program gives itself 8 s for a drain and 1.5 s for the last answers (CONN-8); the rest is for a slow machine. */
const ENDED_WITHIN_MS = 30_000;
const METRICS_WITHIN_MS = 10_000;

export interface OpenConnections {
  readonly webSockets: number;
  readonly pollSessions: number;
}

/** The real server as a process, on a disk and a clock that can go wrong. */
export class FaultyServer {
  readonly clock: WallClock;
  readonly #disk: UnsyncedDisk;
  #process: ServerProcess | undefined;
  /** Ends that nobody asked for. */
  readonly surprises: string[] = [];

  constructor(disk: UnsyncedDisk) {
    this.#disk = disk;
    this.clock = new WallClock(disk.folder);
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
    const environment = environmentUnder(this.#disk.layer, this.clock.layer);
    this.#process = await startServer(this.#disk.data, { environment });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    if (this.#process !== undefined) process.kill(this.#process.pid, signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    if (ending === undefined) return;
    const how = await within(ENDED_WITHIN_MS, ending.stop(signal), () => 'still there').catch(async () => {
      const doing = `${describeProcess(ending.pid)}; its last lines: ${ending.lastLines().join(' / ')}`;
      this.surprises.push(`the server was still there ${ENDED_WITHIN_MS / 1_000} s after ${signal} (${doing})`);
      await ending.stop('SIGKILL');
      return undefined;
    });
    this.clock.tidyAfter(ending.pid);
    const expected = signal === 'SIGKILL' ? 'SIGKILL' : 0;
    if (how !== undefined && how !== expected) this.surprises.push(`the server ended with ${how}, not ${expected}`);
  }

  /** What the server counts. */
  async openConnections(): Promise<OpenConnections> {
    const signal = AbortSignal.timeout(METRICS_WITHIN_MS);
    const text = await (await fetch(`${this.url}/metrics`, { signal })).text();
    const gauge = (name: string): number => {
      const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
      if (value === undefined) throw new Error(`The server's metrics say nothing of ${name}.`);
      return Number(value);
    };
    const pollSessions = gauge('chat_poll_sessions_active');
    return { webSockets: gauge('chat_connections_active') - pollSessions, pollSessions };
  }
}
