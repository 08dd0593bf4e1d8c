/** The few parts of RFC 6455 that the driver and the bare floor server need; frames of at most 64 KiB, unfragmented, as Parley sends them. */

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
const MASKED = 0x80;

/** A whole frame. `mask`: 4 bytes, from a client only. */
export function frameOf(opcode: number, payload: Uint8Array, mask?: Uint8Array): Buffer {
  const { length } = payload;
  const header = length < 126 ? 2 : 4;
  const frame = Buffer.alloc(header + (mask === undefined ? 0 : 4) + length);
  frame[0] = FIN | opcode;
  frame[1] = (mask === undefined ? 0 : MASKED) | (length < 126 ? length : 126);
  if (length >= 126) frame.writeUInt16BE(length, 2);
  const start = frame.length - length;
  frame.set(payload, start);
  if (mask === undefined) return frame;
  frame.set(mask, header);
  for (let index = 0; index < length; index += 1) frame[start + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  return frame;
}

/** Where a frame's payload lies in a buffer. Reused: `readFrame` fills it. */
export interface FramePlace {
  opcode: number;
  /** First byte of the mask key; -1 where the frame is not masked. */
  mask: number;
  start: number;
  end: number;
}

/** Whether a whole frame begins at `at`; its place is written to `place`. */
export function readFrame(bytes: Uint8Array, at: number, end: number, place: FramePlace): boolean {
  if (end - at < 2) return false;
  const second = bytes[at + 1] ?? 0;
  let length = second & 0x7f;
  let start = at + 2;
  if (length === 126) {
    if (end - at < 4) return false;
    length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    start = at + 4;
  } else if (length === 127) {
    if (end - at < 10) return false;
    length = ((bytes[at + 7] ?? 0) << 16) | ((bytes[at + 8] ?? 0) << 8) | (bytes[at + 9] ?? 0);
    start = at + 10;
  }
  place.mask = -1;
  if ((second & MASKED) !== 0) {
    place.mask = start;
    start += 4;
  }
  place.opcode = (bytes[at] ?? 0) & 0x0f;
  place.start = start;
  place.end = start + length;
  return place.end <= end;
}
