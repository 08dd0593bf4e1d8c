import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const DEADLINE_MS = 30_000;

/** `parley <args>` as a process of its own, in front of somebody who types lines and reads what comes. */
export class Terminal {
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  #text = '';
  #hasEnded = false;
  readonly #child: ChildProcess;
  readonly #looking = new Set<() => void>();

  /** `home`: where profiles are kept. Nothing else of the own environment is passed on. */
  constructor(args: readonly string[], home: string) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { HOME: home, XDG_STATE_HOME: home },
    });
    this.#child = child;
    const look = (): void => {
      for (const each of this.#looking) each();
    };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#text += text;
        look();
      });
    // Typing to a program that has just ended is no failure of a test by itself.
    child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#hasEnded = true;
        look();
        resolve(code ?? signal ?? 0);
      });
    });
  }

  /** Everything on it so far. */
  get text(): string {
    return this.#text;
  }

  type(...lines: readonly string[]): void {
    for (const line of lines) this.#child.stdin?.write(`${line}\n`);
  }

  /** Types a last line, and the input is over. */
  hangUp(line: string): void {
    this.#child.stdin?.end(`${line}\n`);
  }

  /** Waits until it shows something; rejects when the program ends before, or takes too long. */
  shows(pattern: RegExp | string): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#looking.delete(look);
      };
      const fail = (what: string): void => {
        leave();
        reject(new Error(`The program ${what} before it showed ${pattern}. On the terminal:\n${this.#text}`));
      };
      const timer = setTimeout(() => fail(`took more than ${DEADLINE_MS} ms`), DEADLINE_MS);
      const look = (): void => {
        const isShown = typeof pattern === 'string' ? this.#text.includes(pattern) : pattern.test(this.#text);
        if (isShown) {
          leave();
          resolve();
        } else if (this.#hasEnded) fail('ended');
      };
      this.#looking.add(look);
      look();
    });
  }

  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill('SIGKILL');
    await this.ended;
  }
}
