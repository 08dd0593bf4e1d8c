import type { WireType } from '@bufbuild/protobuf/wire';

/** Small frames lie side by side in blocks of this size: memory of its own for each would cost more than writing it (0.2 µs). A frame that is kept keeps its block. */
const BLOCK_BYTES = 8_192;
/** What a block must have left for another frame to begin in it. */
const ROOM_BYTES_MIN = 1_024;
const utf8 = new TextEncoder();

/**
 * Writes the protobuf wire format into one buffer, frame after frame. The general writer of the library gathers chunks and objects for each nested
 * value: a message and its acknowledgement took it 6.0 µs, they take 1.5 here (measured).
 */
export class ByteWriter {
  #bytes = new Uint8Array(BLOCK_BYTES);
  #view = new DataView(this.#bytes.buffer);
  /** Where the present frame begins, and where it goes on. */
  #start = 0;
  #length = 0;

  tag(number: number, wireType: WireType): void {
    this.varint(number * 8 + wireType);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A whole number of 0 … 2^53 - 1; throws on others. */
  varint(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER))
      throw new RangeError(`A frame cannot hold the number ${value}.`);
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      // Not `&`, which cuts numbers to 32 bits.
      this.#bytes[this.#length] = (rest % 0x80) | 0x80;
      this.#length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  uint32(value: number, littleEndian: boolean): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, littleEndian);
    this.#length += 4;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.byteLength);
    this.#bytes.set(value, this.#length);
    this.#length += value.byteLength;
  }

  /** A text in UTF-8 with its length in front. */
  text(value: string): void {
    const start = this.begin();
    // A UTF-16 unit has at most three bytes in UTF-8.
    this.#reserve(value.length * 3);
    this.#length += utf8.encodeInto(value, this.#bytes.subarray(this.#length)).written;
    this.end(start);
  }

  /** Begins a value with its length in front; give what it returns to `end`. */
  begin(): number {
    this.byte(0);
    return this.#length - this.#start;
  }

  /** Most values are shorter than 128 bytes or made of such: only a longer one is moved to make room for its length. */
  end(offset: number): void {
    let start = this.#start + offset;
    const length = this.#length - start;
    if (length < 0x80) {
      this.#bytes[start - 1] = length;
      return;
    }
    const lengthBytes = length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : 4;
    this.#reserve(lengthBytes);
    start = this.#start + offset;
    this.#bytes.copyWithin(start - 1 + lengthBytes, start, this.#length);
    this.#length = start - 1;
    this.varint(length);
    this.#length += length;
  }

  /** What was written; the writer begins anew behind it. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(this.#start, this.#length);
    this.#start = this.#length;
    const isFull = this.#length + ROOM_BYTES_MIN > this.#bytes.byteLength;
    if (isFull || this.#bytes.byteLength > BLOCK_BYTES) this.#replace(new Uint8Array(BLOCK_BYTES), 0);
    return taken;
  }

  /** Forgets what was written since the last `take`. */
  clear(): void {
    this.#length = this.#start;
  }

  /** Moves the present frame to a larger block where this one has no room for it. */
  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.byteLength) return;
    const written = this.#length - this.#start;
    const larger = new Uint8Array(Math.max((written + count) * 2, BLOCK_BYTES));
    larger.set(this.#bytes.subarray(this.#start, this.#length));
    this.#replace(larger, written);
  }

  #replace(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    this.#start = 0;
    this.#length = length;
  }
}
