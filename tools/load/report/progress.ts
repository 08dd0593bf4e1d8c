/** One line that is written over again, for a person who waits; silent where the output is no terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  show(line: string): void {
    if (!this.#stream.isTTY) return;
    this.#stream.write(`\r\u001b[K  ${line.slice(0, (this.#stream.columns ?? 80) - 3)}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
    this.#shown = false;
  }
}

const WIDTH = 20;

/** `████░░░░  4 of 8 s` */
export function bar(doneMs: number, wholeMs: number): string {
  const full = Math.min(WIDTH, Math.round((WIDTH * doneMs) / wholeMs));
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}  ${Math.round(doneMs / 1_000)} of ${Math.round(wholeMs / 1_000)} s`;
}
