/**
 * What the driver writes into a `client_msg_id`: its 16 bytes say who sent the message and when, so that every process can tell the latency of an acknowledgement or
 * a delivery from the frame alone. Bytes 0-7 time in µs of the machine's monotonic clock (when it was to be sent, in an open loop), 8-11 seat, 12-13 slot, 14-15 run: the
 * time first, as in the keys of Parley's own client (UUID version 7), since a server that keeps keys in order then finds the new ones side by side.
 */
export interface Stamp {
  seat: number;
  slot: number;
  run: number;
  sentUs: number;
}

export const STAMP_BYTES = 16;
const TWO_32 = 2 ** 32;

export function writeStamp(bytes: Uint8Array, at: number, { seat, slot, run, sentUs }: Stamp): void {
  put32(bytes, at, Math.floor(sentUs / TWO_32));
  put32(bytes, at + 4, sentUs % TWO_32);
  put32(bytes, at + 8, seat);
  put32(bytes, at + 12, slot * 65_536 + run);
}

/** Reads into `stamp`: nothing is allocated for a frame. */
export function readStamp(bytes: Uint8Array, at: number, stamp: Stamp): void {
  stamp.sentUs = get32(bytes, at) * TWO_32 + get32(bytes, at + 4);
  stamp.seat = get32(bytes, at + 8);
  stamp.slot = get32(bytes, at + 12) >>> 16;
  stamp.run = get32(bytes, at + 12) & 0xffff;
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
