/**
 * What the driver writes into a `client_msg_id`: a UUID that begins with the time, as the SDK's do (RFC 9562, version 7), because how a store keeps keys depends on it. Its bits
 * say who sent the message and when, so that every process can tell the latency of an acknowledgement or a delivery from the frame alone: 48 ms and 10 µs within it of the
 * machine's monotonic clock (when it was to be sent, in an open loop), 16 slot, 32 seat, 16 run.
 */
export interface Stamp {
  seat: number;
  slot: number;
  run: number;
  sentUs: number;
}

export const STAMP_BYTES = 16;
const TWO_16 = 65_536;
const VERSION_7 = 0x7000;
const VARIANT = 0x80;

export function writeStamp(bytes: Uint8Array, at: number, { seat, slot, run, sentUs }: Stamp): void {
  const ms = Math.floor(sentUs / 1_000);
  const us = sentUs - ms * 1_000;
  put32(bytes, at, Math.floor(ms / TWO_16));
  put32(bytes, at + 4, (ms % TWO_16) * TWO_16 + VERSION_7 + (slot >>> 4));
  put32(bytes, at + 8, ((VARIANT | ((slot & 15) << 2) | (us >>> 8)) << 24) | ((us & 255) << 16) | (seat >>> 16));
  put32(bytes, at + 12, (seat & 0xffff) * TWO_16 + run);
}

/** Reads into `stamp`: nothing is allocated for a frame. */
export function readStamp(bytes: Uint8Array, at: number, stamp: Stamp): void {
  const low = get32(bytes, at + 4);
  const middle = get32(bytes, at + 8);
  const end = get32(bytes, at + 12);
  stamp.seat = (middle & 0xffff) * TWO_16 + (end >>> 16);
  stamp.slot = ((low & 0xfff) << 4) | ((middle >>> 26) & 15);
  stamp.run = end & 0xffff;
  stamp.sentUs = (get32(bytes, at) * TWO_16 + (low >>> 16)) * 1_000 + ((middle >>> 16) & 0x3ff);
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

const get32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Where the 32 digits of a UUID stand in its 36 characters. */
const DIGIT_PLACES = [...Array(36).keys()].filter((place) => ![8, 13, 18, 23].includes(place));
const VALUE = new Uint8Array(128);
HEX.forEach((digit, value) => {
  VALUE[digit] = value;
});

export const UUID_LENGTH = 36;

/** The text form of 16 bytes, as JSON frames carry it. */
export function writeUuid(target: Uint8Array, at: number, bytes: Uint8Array): void {
  for (const dash of [8, 13, 18, 23]) target[at + dash] = 0x2d;
  for (let index = 0; index < 32; index += 1) {
    const byte = bytes[index >> 1] ?? 0;
    target[at + (DIGIT_PLACES[index] ?? 0)] = HEX[index % 2 === 0 ? byte >> 4 : byte & 15] ?? 0;
  }
}

export function readUuid(source: Uint8Array, at: number, bytes: Uint8Array): void {
  for (let index = 0; index < STAMP_BYTES; index += 1) {
    const high = VALUE[source[at + (DIGIT_PLACES[index * 2] ?? 0)] ?? 0] ?? 0;
    const low = VALUE[source[at + (DIGIT_PLACES[index * 2 + 1] ?? 0)] ?? 0] ?? 0;
    bytes[index] = high * 16 + low;
  }
}

export function uuidText(bytes: Uint8Array): string {
  const text = new Uint8Array(UUID_LENGTH);
  writeUuid(text, 0, bytes);
  return Buffer.from(text).toString('latin1');
}

/** The id of a message that no template holds. */
export function stampedUuid(stamp: Stamp): string {
  const bytes = new Uint8Array(STAMP_BYTES);
  writeStamp(bytes, 0, stamp);
  return uuidText(bytes);
}
