/** Lets at most `concurrencyMax` tasks run; at most `waitingMax` more wait, in order. Further ones are turned away at once. */
export class Turnstile {
  readonly #concurrencyMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { readonly concurrencyMax: number; readonly waitingMax: number }) {
    this.#concurrencyMax = limits.concurrencyMax;
    this.#waitingMax = limits.waitingMax;
  }

  /** The task's own result, or `full` when nothing was started. */
  async pass<T>(
    task: () => Promise<T>,
  ): Promise<{ readonly kind: 'passed'; readonly value: T } | { readonly kind: 'full' }> {
    if (this.#running >= this.#concurrencyMax) {
      if (this.#waiting.length >= this.#waitingMax) return { kind: 'full' };
      // Whoever leaves hands its place over without giving it back, so nobody can slip in between.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return { kind: 'passed', value: await task() };
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
