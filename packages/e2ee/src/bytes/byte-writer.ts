import { utf8 } from './bytes.ts';

/** Largest number that a varint may carry: 2^48 - 1, enough for Unix milliseconds, and exact in a double. */
export const VARINT_MAX = 0xffff_ffff_ffff;

/** Builds the binary forms of this package. Numbers are LEB128 varints, variable bytes carry their length before them. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
    return this;
  }

  varint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value > VARINT_MAX) {
      throw new RangeError(`A number of the binary form must be an integer from 0 to ${VARINT_MAX}.`);
    }
    let rest = value;
    while (rest > 127) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** Bytes whose length the reader knows. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  sized(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  text(text: string): this {
    return this.#shortAscii(text) ?? this.sized(utf8(text));
  }

  /** Ids and labels: a call of the text encoder takes several times as long as writing them. `undefined`: it is something else. */
  #shortAscii(text: string): this | undefined {
    const { length } = text;
    if (length > 127) return undefined;
    this.#reserve(length + 1);
    const start = this.#length + 1;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 127) return undefined;
      this.#bytes[start + index] = code;
    }
    this.#bytes[start - 1] = length;
    this.#length = start + length;
    return this;
  }

  /** A byte that says whether the value is there, then the value. */
  optional<Value>(value: Value | undefined, write: (value: Value) => void): this {
    this.byte(value === undefined ? 0 : 1);
    if (value !== undefined) write(value);
    return this;
  }

  list<Value>(values: Iterable<Value> & { readonly length: number }, write: (value: Value) => void): this {
    this.varint(values.length);
    for (const value of values) write(value);
    return this;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
