import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Reads lines of standard input one by one; asks with or without showing what is typed. One reader for the whole run, so that piped lines are not lost. */
export class Questions {
  readonly #lines: AsyncIterator<string>;
  readonly #interface: Interface;
  readonly #isTerminal = process.stdin.isTTY === true;
  #isMuted = false;

  constructor() {
    const output = new Writable({
      write: (chunk: Buffer, _encoding, callback) => {
        if (!this.#isMuted) process.stdout.write(chunk);
        callback();
      },
    });
    this.#interface = createInterface({ input: process.stdin, output, terminal: this.#isTerminal, historySize: 0 });
    this.#interface.on('SIGINT', () => this.#interface.close());
    this.#lines = this.#interface[Symbol.asyncIterator]();
  }

  /** The next line; undefined at the end of input. */
  async next(): Promise<string | undefined> {
    const line: IteratorResult<string, unknown> = await this.#lines.next();
    return line.done === true ? undefined : line.value;
  }

  /** @throws Error when the input ends instead of answering. */
  async ask(question: string, options: { readonly hidden?: boolean } = {}): Promise<string> {
    process.stdout.write(question);
    this.#isMuted = options.hidden === true;
    const answer = await this.next();
    this.#isMuted = false;
    if (options.hidden === true || !this.#isTerminal) process.stdout.write('\n');
    if (answer === undefined) throw new Error('The input ended before the question was answered. Nothing was changed.');
    return answer.trim();
  }

  close(): void {
    this.#interface.close();
  }
}
