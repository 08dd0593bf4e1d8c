import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const DEADLINE_MS = 30_000;
const cache = process.env.NODE_COMPILE_CACHE;
const COMPILE_CACHE = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };

export interface ProgramOptions {
  /** Nothing of the own environment is passed on but the compile cache: a test does not depend on the shell that started it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User and group to run as; only root may name another one. */
  readonly user?: number;
}

/** The real program as a process of its own: what it prints, how it ends, and signals to it. */
export class Program {
  readonly pid: number;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  #output = '';
  #errors = '';
  #hasEnded = false;
  readonly #child: ChildProcess;
  readonly #looking = new Set<() => void>();

  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const identity = options.user === undefined ? {} : { uid: options.user, gid: options.user };
    const child = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...COMPILE_CACHE, ...options.environment },
      ...identity,
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      for (const look of this.#looking) look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#hasEnded = true;
        for (const look of this.#looking) look();
        resolve(code ?? signal ?? 0);
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  get errors(): string {
    return this.#errors;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The first match in what was or will be printed. Rejects when the program ends, or prints nothing of the kind in time. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#looking.delete(look);
      };
      const fail = (what: string): void => {
        leave();
        reject(new Error(`The program ${what} before it printed ${pattern}. It said:\n${this.#output}${this.#errors}`));
      };
      const timer = setTimeout(() => fail(`took more than ${DEADLINE_MS} ms`), DEADLINE_MS);
      const look = (): void => {
        const match = pattern.exec(this.#output);
        if (match !== null) {
          leave();
          resolve(match);
        } else if (this.#hasEnded) fail('ended');
      };
      this.#looking.add(look);
      look();
    });
  }

  /** Where a server listens, such as `http://localhost:40123`, once it is ready. */
  async address(): Promise<string> {
    const [, url = ''] = await this.printed(/Open +(http:\/\/\S+)\n/);
    return url;
  }

  /** From now on nobody reads what it prints, as after `| head -1`. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal and waits for the end. */
  async end(name: NodeJS.Signals = 'SIGKILL'): Promise<number | NodeJS.Signals> {
    if (!this.#hasEnded) this.#child.kill(name);
    return await this.ended;
  }

  /** Resident memory (Linux). */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024;
  }
}
