import { VARINT_MAX } from './byte-writer.ts';
import { textOf } from './bytes.ts';

/** Bytes that do not have the form they claim. Never leaves this package: `parseBytes` turns it into `undefined`. */
class MalformedBytes extends Error {}

/** Of the seventh byte, the last one that a number up to `VARINT_MAX` has. */
const LAST_FACTOR = 128 ** 6;

/** Reads what `ByteWriter` wrote. Accepts one spelling of each value only, so that equal values have equal bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    // Node's Buffer is a Uint8Array whose `slice` does not copy; a plain view has the `slice` that `raw` relies on.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) throw new MalformedBytes();
    this.#offset += 1;
    return value;
  }

  varint(max = VARINT_MAX): number {
    let value = 0;
    // Bounded by length, not by value alone: after 147 bytes the factor would be infinite and the value no number.
    for (let factor = 1; factor <= LAST_FACTOR; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (value > max) throw new MalformedBytes();
      if (byte < 128) {
        if (byte === 0 && factor > 1) throw new MalformedBytes();
        return value;
      }
    }
    throw new MalformedBytes();
  }

  /** A copy: the value outlives the buffer it came in. */
  raw(length: number): Uint8Array {
    if (length > this.remaining) throw new MalformedBytes();
    const bytes = this.#bytes.slice(this.#offset, this.#offset + length);
    this.#offset += length;
    return bytes;
  }

  rest(): Uint8Array {
    return this.raw(this.remaining);
  }

  sized(max: number): Uint8Array {
    return this.raw(this.varint(max));
  }

  text(bytesMax: number): string {
    return textOf(this.sized(bytesMax));
  }

  optional<Value>(read: () => Value): Value | undefined {
    return this.choice(2) === 1 ? read() : undefined;
  }

  /** A byte below `count`. */
  choice(count: number): number {
    const value = this.byte();
    if (value >= count) throw new MalformedBytes();
    return value;
  }

  list<Value>(max: number, read: () => Value): Value[] {
    const count = this.varint(max);
    const values: Value[] = [];
    for (let index = 0; index < count; index += 1) values.push(read());
    return values;
  }

  finish(): void {
    if (this.remaining !== 0) throw new MalformedBytes();
  }

  /** For a rule of one form that the reader cannot know. */
  expect(holds: boolean): void {
    if (!holds) throw new MalformedBytes();
  }
}

/** The value, or `undefined` when the bytes are malformed, truncated or followed by more. */
export function parseBytes<Value>(bytes: Uint8Array, read: (reader: ByteReader) => Value): Value | undefined {
  const reader = new ByteReader(bytes);
  try {
    const value = read(reader);
    reader.finish();
    return value;
  } catch (error) {
    // TypeError is how the text decoder reports bytes that are no UTF-8.
    if (error instanceof MalformedBytes || error instanceof TypeError) return undefined;
    throw error;
  }
}
