/** Who is told what arrived. All of it happens inside `FrameReader.read`. */
export interface FrameListener {
  /** One message, its fragments put together and unmasked. The bytes are the listener's own. */
  message(data: Buffer, isBinary: boolean): void;
  ping(payload: Buffer): void;
  pong(payload: Buffer): void;
  /** The peer sent its close frame; nothing follows. `undefined`: it gave no code. */
  closing(code: number | undefined): void;
  /** The bytes are no WebSocket frames of a client, or a message is too large; nothing follows. */
  violated(kind: 'BAD_FRAME' | 'TOO_LARGE'): void;
}

export interface FrameLimits {
  /** Bytes of one message, all its fragments together. */
  readonly messageBytesMax: number;
  readonly fragmentsMax: number;
}

const OPCODE_CONTINUATION = 0;
const OPCODE_TEXT = 1;
const OPCODE_BINARY = 2;
const OPCODE_CLOSE = 8;
const OPCODE_PING = 9;
const OPCODE_PONG = 10;
const FINAL = 0x80;
/** The three bits that only an extension may set, and none is negotiated (FRAME-6). */
const RESERVED = 0x70;
const MASKED = 0x80;
const CONTROL_BYTES_MAX = 125;
const EMPTY = Buffer.alloc(0);

/** A message of which not all fragments have come. */
interface Begun {
  readonly isBinary: boolean;
  readonly fragments: Buffer[];
  bytes: number;
}

/**
 * Reads what a client sends on one WebSocket (RFC 6455 §5), whatever pieces it comes in. It holds no more than the frame and the message that are not whole yet, so at
 * most one piece beyond the limits, and only as much as has really come.
 */
export class FrameReader {
  readonly #listener: FrameListener;
  readonly #limits: FrameLimits;
  /** The beginning of a frame that is not whole: the first `#waitingBytes` of this. */
  #waiting: Buffer = EMPTY;
  #waitingBytes = 0;
  #begun: Begun | undefined;
  #over = false;

  constructor(listener: FrameListener, limits: FrameLimits) {
    this.#listener = listener;
    this.#limits = limits;
  }

  /** Takes the next piece, which is unmasked in place. */
  read(piece: Buffer): void {
    if (this.#over) return;
    const bytes = this.#waitingBytes === 0 ? piece : this.#withWaiting(piece);
    let at = 0;
    while (!this.#over) {
      const next = this.#readFrame(bytes, at);
      if (next === at) break;
      at = next;
    }
    if (this.#over || at === bytes.length) this.#keep(EMPTY);
    // A listener may hold on to what it was given of these bytes, so the rest moves to bytes of its own.
    else if (at > 0) this.#keep(Buffer.from(bytes.subarray(at)));
    else if (this.#waitingBytes === 0) this.#keep(piece);
  }

  #keep(rest: Buffer): void {
    this.#waiting = rest;
    this.#waitingBytes = rest.length;
  }

  /** Room doubles, so that a frame that comes byte by byte is not copied with each of them. */
  #withWaiting(piece: Buffer): Buffer {
    const bytes = this.#waitingBytes + piece.length;
    if (bytes > this.#waiting.length) {
      const roomier = Buffer.allocUnsafe(Math.max(bytes, 2 * this.#waiting.length));
      this.#waiting.copy(roomier, 0, 0, this.#waitingBytes);
      this.#waiting = roomier;
    }
    piece.copy(this.#waiting, this.#waitingBytes);
    this.#waitingBytes = bytes;
    return this.#waiting.subarray(0, bytes);
  }

  /** Returns where the next frame begins; the same place when this one is not whole, or was refused. */
  #readFrame(bytes: Buffer, at: number): number {
    const left = bytes.length - at;
    if (left < 2) return at;
    const first = bytes[at] as number; // The casts of this kind hold: the length was looked at.
    const second = bytes[at + 1] as number;
    const short = second & 0x7f;
    const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
    if (!this.#mayStand(first, second, short)) return this.#refuse('BAD_FRAME', at);
    if (left < 2 + lengthBytes) return at;
    const length =
      lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : longLength(bytes, at + 2);
    // A close, ping or pong is short, and stands between the fragments of a message without being part of it.
    if ((first & 0x08) === 0 && length + (this.#begun?.bytes ?? 0) > this.#limits.messageBytesMax)
      return this.#refuse('TOO_LARGE', at);
    const payloadAt = at + 2 + lengthBytes + 4;
    const end = payloadAt + length;
    if (end > bytes.length) return at;
    const payload = bytes.subarray(payloadAt, end);
    unmask(payload, bytes, payloadAt - 4);
    this.#take(first & 0x0f, (first & FINAL) !== 0, payload);
    return end;
  }

  /** Whether a frame with such a head may stand here. */
  #mayStand(first: number, second: number, short: number): boolean {
    if ((first & RESERVED) !== 0 || (second & MASKED) === 0) return false;
    switch (first & 0x0f) {
      case OPCODE_CONTINUATION:
        return this.#begun !== undefined;
      case OPCODE_TEXT:
      case OPCODE_BINARY:
        return this.#begun === undefined;
      case OPCODE_CLOSE:
        return (first & FINAL) !== 0 && short <= CONTROL_BYTES_MAX && short !== 1;
      case OPCODE_PING:
      case OPCODE_PONG:
        return (first & FINAL) !== 0 && short <= CONTROL_BYTES_MAX;
      default:
        return false;
    }
  }

  #refuse(kind: 'BAD_FRAME' | 'TOO_LARGE', at: number): number {
    this.#over = true;
    this.#listener.violated(kind);
    return at;
  }

  #take(opcode: number, isFinal: boolean, payload: Buffer): void {
    switch (opcode) {
      case OPCODE_PING:
        return this.#listener.ping(payload);
      case OPCODE_PONG:
        return this.#listener.pong(payload);
      case OPCODE_CLOSE:
        return this.#takeClose(payload);
      case OPCODE_CONTINUATION:
        return this.#takeFragment(isFinal, payload);
      default:
        if (isFinal) return this.#listener.message(payload, opcode === OPCODE_BINARY);
        this.#begun = { isBinary: opcode === OPCODE_BINARY, fragments: [], bytes: 0 };
        return this.#takeFragment(isFinal, payload);
    }
  }

  #takeFragment(isFinal: boolean, payload: Buffer): void {
    const begun = this.#begun;
    if (begun === undefined) return;
    begun.fragments.push(payload);
    begun.bytes += payload.length;
    if (begun.fragments.length > this.#limits.fragmentsMax) this.#refuse('BAD_FRAME', 0);
    else if (isFinal) {
      this.#begun = undefined;
      this.#listener.message(Buffer.concat(begun.fragments, begun.bytes), begun.isBinary);
    }
  }

  #takeClose(payload: Buffer): void {
    const code = payload.length === 0 ? undefined : payload.readUInt16BE(0);
    if (code !== undefined && !mayBeSent(code)) {
      this.#refuse('BAD_FRAME', 0);
      return;
    }
    this.#over = true;
    this.#listener.closing(code);
  }
}

/** Exact up to 2^53, and beyond that still larger than any limit. */
const longLength = (bytes: Buffer, at: number): number =>
  bytes.readUInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);

/** Close codes that may stand in a frame (RFC 6455 §7.4 and the registry of IANA). */
const mayBeSent = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999);

/** Four bytes at a time, which takes half as long. */
function unmask(payload: Buffer, bytes: Buffer, maskAt: number): void {
  const mask = bytes.readUInt32LE(maskAt);
  if (mask === 0) return;
  const { length } = payload;
  const view = new DataView(payload.buffer, payload.byteOffset, length);
  const wholeBytes = length & ~3;
  for (let at = 0; at < wholeBytes; at += 4) view.setUint32(at, view.getUint32(at, true) ^ mask, true);
  for (let at = wholeBytes; at < length; at += 1) view.setUint8(at, view.getUint8(at) ^ (mask >>> ((at & 3) << 3)));
}
