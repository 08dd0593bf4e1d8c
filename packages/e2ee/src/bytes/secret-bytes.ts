const HIDDEN = '[secret]';

/**
 * Bytes that must never be printed. The value sits in a private field: `JSON.stringify`, `String`, template literals, `console.log`
 * and structured loggers see `[secret]`. Only `reveal` gives the bytes, and only code that computes with them calls it.
 */
export class SecretBytes {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The bytes themselves, not a copy: the same array each time, so that a provider may attach an imported key to it. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  /** What `console.log` and `util.inspect` print in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
