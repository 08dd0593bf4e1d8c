import type { Socket, SocketListener } from '@parley/client';
import { defaultSettings } from '@parley/core';
import type { Connection, EncodedFrame, Transport } from '@parley/gateway';
import { binaryCodec, CLOSE, type CloseName, type Codec, jsonCodec, LIMITS, SUBPROTOCOLS } from '@parley/protocol';
import { recordCommand, recordFrame } from '../checker/record-frame.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { OwnedClock } from './simulation-clock.ts';
import type { World } from './world.ts';

const CUT = 1006;

export interface LineParts {
  readonly world: World;
  readonly node: SimulatedNode;
  readonly owner: { readonly name: string; readonly clock: OwnedClock };
  /** Counts the lines of a world. */
  readonly number: number;
  readonly subprotocol: string;
  readonly listener: SocketListener;
}

interface Parcel {
  readonly arrivesAt: number;
  readonly deliver: () => void;
  readonly bytes: number;
}

/**
 * One connection between a device and a node, as TCP gives it: in order and each byte once, until it is cut. Both ends learn of a cut, or neither
 * does (half open). It may stall for a while in one direction.
 */
export class SimulatedLine implements Socket, Transport {
  readonly codec: Codec;
  readonly stalledSince = null;
  readonly node: SimulatedNode;
  readonly #parts: LineParts;
  #connection: Connection | undefined;
  #isCut = false;
  #isHalfOpen = false;
  #isClosedByServer = false;
  #isReading = true;
  #isKnownClosed = false;
  #bytesDown = 0;
  readonly #down: Parcel[] = [];
  readonly #up: Parcel[] = [];
  #lastDownAt = 0;
  #lastUpAt = 0;
  #waiters: (() => void)[] = [];

  constructor(parts: LineParts) {
    this.#parts = parts;
    this.node = parts.node;
    this.codec = parts.subprotocol === SUBPROTOCOLS.json ? jsonCodec : binaryCodec;
    this.#queueUp(() => {
      if (!this.node.isOpen || !this.node.isAlive) this.cut();
      else this.#connection = this.node.gateway.accept(this);
    }, 0);
  }

  get isOpen(): boolean {
    return !this.#isCut;
  }

  // The device's end.

  /** Opens a connection that is being sent to. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** A frame of the server. */
  send(frame: EncodedFrame): boolean;
  send(given: string | Uint8Array<ArrayBuffer> | EncodedFrame): boolean | undefined {
    if (typeof given !== 'string' && !(given instanceof Uint8Array)) return this.#sendDown(given);
    const data = typeof given === 'string' ? Buffer.from(given) : given;
    const isBinary = typeof given !== 'string';
    this.#queueUp(() => {
      if (this.#connection === undefined) return;
      recordCommand(
        this.#parts.world.write,
        this.#parts.owner.name,
        this.#connection.id,
        this.codec.decodeCommand(data),
      );
      this.#connection.receive(data, isBinary);
    }, data.byteLength);
    return undefined;
  }

  close(closed: number | CloseName): void {
    if (typeof closed === 'string') this.#closeByServer(closed);
    else this.#closeByDevice();
  }

  #closeByDevice(): void {
    if (this.#isCut) return;
    this.#deviceKnows();
    this.#queueUp(() => this.#gone(), 0);
    // What the server still says is not heard.
    this.#down.length = 0;
    this.#isClosedByServer = true;
  }

  // The server's end.

  #sendDown(frame: EncodedFrame): boolean {
    if (this.#isCut || this.#isClosedByServer) return true;
    const bytes = frame.bytes(this.codec);
    const payload = bytes.subarray(headerLengthOf(bytes));
    if (this.#bytesDown + bytes.byteLength > defaultSettings.outboundBytesMax) return frame.ephemeral;
    const connectionId = this.#connection?.id ?? '';
    recordFrame(this.#parts.world.write, this.#parts.owner.name, connectionId, frame.frame);
    this.#bytesDown += bytes.byteLength;
    const data = this.codec.name === 'json' ? payload.toString() : new Uint8Array(payload);
    this.#queueDown(() => {
      this.#bytesDown -= bytes.byteLength;
      this.#wake();
      this.#parts.listener.onData(data);
    }, bytes.byteLength);
    return true;
  }

  get hasRoom(): boolean {
    return this.#isCut || this.#bytesDown * 2 < defaultSettings.outboundBytesMax;
  }

  room(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  pauseReading(): void {
    this.#isReading = false;
  }

  resumeReading(): void {
    this.#isReading = true;
    this.#flushUp();
  }

  #closeByServer(name: CloseName): void {
    if (this.#isCut || this.#isClosedByServer) return;
    this.#queueDown(() => this.#gone(CLOSE[name].code), 0);
    this.#isClosedByServer = true;
    this.#wake();
  }

  ended(): void {
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  // What happens to the line.

  /** Broken: what was on its way is lost, both ends learn of it. */
  cut(): void {
    if (!this.#isCut) this.#gone(CUT);
  }

  /** Nothing arrives any more, and nobody is told. */
  breakSilently(): void {
    if (this.#isHalfOpen) return;
    this.#isHalfOpen = true;
    if (!this.#isKnownClosed && !this.#isCut && !this.#parts.owner.clock.isDead)
      this.#parts.world.write({ type: 'dead', ...this.#names });
  }

  get isUnnoticed(): boolean {
    return this.#isHalfOpen && !this.#isKnownClosed && !this.#parts.owner.clock.isDead;
  }

  get #names() {
    const connection = this.#connection?.id ?? `line ${this.#parts.number}`;
    return { connection, device: this.#parts.owner.name };
  }

  #deviceKnows(): void {
    if (this.#isKnownClosed || this.#parts.owner.clock.isDead) return;
    this.#isKnownClosed = true;
    this.#parts.world.write({ type: 'closed', ...this.#names });
  }

  /** Nothing arrives for a while. */
  stall(ms: number): void {
    const until = this.#parts.world.clock.now() + ms;
    this.#lastDownAt = Math.max(this.#lastDownAt, until);
    this.#lastUpAt = Math.max(this.#lastUpAt, until);
  }

  #gone(code?: number): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#down.length = 0;
    this.#up.length = 0;
    const connection = this.#connection;
    if (this.node.isAlive && connection !== undefined && !connection.closed) {
      this.ended();
      connection.ended();
    }
    if (code !== undefined && !this.#parts.owner.clock.isDead)
      this.#parts.world.clock.after(1, () => {
        if (this.#parts.owner.clock.isDead) return;
        this.#deviceKnows();
        this.#parts.listener.onClosed(code);
      });
  }

  #arrival(lastAt: number): number {
    const { world } = this.#parts;
    return Math.max(lastAt, world.clock.now() + 1 + world.chances.line.below(world.weather.lineDelayMs));
  }

  #queueDown(deliver: () => void, bytes: number): void {
    this.#lastDownAt = this.#arrival(this.#lastDownAt);
    this.#down.push({ arrivesAt: this.#lastDownAt, deliver, bytes });
    if (this.#down.length > 1 && this.#down.at(-2)?.arrivesAt === this.#lastDownAt) return;
    this.#at(this.#lastDownAt, () => this.#deliverDown());
  }

  #queueUp(deliver: () => void, bytes: number): void {
    if (this.#isCut || bytes > LIMITS.frameBytesMax * 2) return;
    this.#lastUpAt = this.#arrival(this.#lastUpAt);
    this.#up.push({ arrivesAt: this.#lastUpAt, deliver, bytes });
    this.#at(this.#lastUpAt, () => this.#flushUp());
  }

  #at(moment: number, work: () => void): void {
    const { clock } = this.#parts.world;
    clock.after(moment - clock.now(), work);
  }

  #deliverDown(): void {
    if (this.#isHalfOpen || this.#parts.owner.clock.isDead) return;
    const now = this.#parts.world.clock.now();
    for (let next = this.#down[0]; next !== undefined && next.arrivesAt <= now; next = this.#down[0]) {
      this.#down.shift();
      next.deliver();
    }
  }

  #flushUp(): void {
    if (this.#isHalfOpen || !this.node.isAlive) return;
    const now = this.#parts.world.clock.now();
    for (let next = this.#up[0]; this.#isReading && next !== undefined && next.arrivesAt <= now; next = this.#up[0]) {
      this.#up.shift();
      next.deliver();
    }
  }
}

/** RFC 6455 §5.2, of an unmasked frame. */
function headerLengthOf(frame: Uint8Array): number {
  const length = (frame[1] ?? 0) & 0x7f;
  if (length < 126) return 2;
  return length === 126 ? 4 : 10;
}
