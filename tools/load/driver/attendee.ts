import { randomBytes } from 'node:crypto';
import { type Command, SUBPROTOCOLS } from '@parley/protocol';
import { nowUs } from '../measure/clock.ts';
import { type CommandTemplate, type Connection, type FrameShape, type Greeter, messageCommand } from './frame-shape.ts';
import type { Seat } from './plan.ts';
import type { Stamp } from './stamp.ts';
import { frameOf } from './websocket-bytes.ts';
import { Wire, type WireListener } from './wire.ts';

/** What an attendee tells the one who drives it. Stamps are reused: copy what is to stay. */
export interface AttendeeListener {
  onAcknowledged(stamp: Stamp, atUs: number): void;
  onDelivered(stamp: Stamp, atUs: number): void;
  onProblem(problem: string): void;
}

const ID = { authenticate: 1, sync: 2, subscribe: 3, ping: 4 } as const;

const stamp: Stamp = { seat: 0, slot: 0, run: 0, sentUs: 0 };

/** One seat of the driver with its connection: logs in, then sends prepared messages and recognises what comes back. */
export class Attendee implements WireListener {
  readonly seat: Seat;
  readonly templates: readonly CommandTemplate[];
  readonly #shape: FrameShape;
  readonly #mask = randomBytes(4);
  readonly #listener: AttendeeListener;
  readonly #pingFrame: Buffer;
  readonly #greeter: Greeter | undefined;
  /** Of a peer that acknowledges in order: the messages on the way, oldest first. */
  readonly #onTheWay: Stamp[] = [];
  #delivered = 0;
  #wire: Connection | undefined;
  #live: (() => void) | undefined;
  /** Before it is live a heartbeat would be refused. */
  #isLive = false;
  #closed = false;

  constructor(seat: Seat, shape: FrameShape, text: string, listener: AttendeeListener) {
    this.seat = seat;
    this.#shape = shape;
    this.#listener = listener;
    this.#pingFrame = this.#frame({ type: 'ping', id: ID.ping });
    this.templates = seat.lanes.map(({ conversationId }) =>
      shape.template(messageCommand(conversationId, text), this.#mask, seat),
    );
    this.#greeter = shape.greeter?.(seat);
  }

  get bytesIn(): number {
    return this.#wire?.bytesIn ?? 0;
  }

  /** Resolves when messages may be sent. */
  async open(target: { readonly host: string; readonly port: number }): Promise<void> {
    const live = new Promise<void>((resolve) => {
      this.#live = resolve;
    });
    const { opening, subprotocol = SUBPROTOCOLS[this.#shape.codec.name] } = this.#shape;
    const wireTarget = { ...target, path: this.seat.path, subprotocol };
    this.#wire = this.#shape.connect?.(wireTarget, this.seat, this) ?? new Wire(wireTarget, this.seat.seat, this);
    await this.#wire.opened;
    if (opening !== undefined) this.#greet({ send: [opening] });
    if (this.seat.login !== undefined || this.#greeter !== undefined) await live;
    this.#isLive = true;
  }

  /** Puts the stamp of the next message into its template. Messages must be written in the order in which they were stamped. */
  stamp(template: CommandTemplate, stamp: Stamp): void {
    this.#shape.patch(template, stamp);
    if (this.#shape.acknowledgesInOrder === true) this.#onTheWay.push({ ...stamp });
  }

  write(frames: Buffer): void {
    this.#wire?.write(frames);
  }

  ping(): void {
    if (this.seat.login !== undefined && this.#isLive && !this.#closed) this.write(this.#pingFrame);
  }

  close(): void {
    this.#closed = true;
    this.#wire?.close();
  }

  onFrame(bytes: Buffer, start: number, end: number): void {
    const seen = this.#shape.look(bytes, start, end, stamp);
    if (seen === 'new_message') {
      this.#delivered += 1;
      this.#listener.onDelivered(stamp, nowUs());
    } else if (seen === 'msg_ack') this.#listener.onAcknowledged(stamp, nowUs());
    else if (seen === 'next_ack') this.#acknowledgedNext();
    else this.#decode(bytes.subarray(start, end));
  }

  onClose(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.onProblem(`The connection of seat ${this.seat.seat} ${reason}.`);
  }

  #acknowledgedNext(): void {
    const oldest = this.#onTheWay.shift();
    if (oldest === undefined) this.#listener.onProblem('The peer acknowledged what was not sent.');
    else this.#listener.onAcknowledged(oldest, nowUs());
  }

  #decode(payload: Buffer): void {
    const { codec } = this.#shape;
    if (this.#greeter !== undefined) return this.#greet(this.#greeter(payload, this.#delivered));
    const decoded = codec.decodeServerFrame(codec.name === 'json' ? payload.toString() : payload);
    if (decoded.kind !== 'ok') return this.#listener.onProblem('The server sent a frame that cannot be read.');
    const frame = decoded.value;
    const { login } = this.seat;
    if (frame.type === 'hello' && login !== undefined)
      this.write(this.#frame({ type: 'authenticate', id: ID.authenticate, token: login.token }));
    else if (frame.type === 'authenticated' && login !== undefined)
      this.write(
        this.#frame({ type: 'sync', id: ID.sync, epoch: login.epoch, user_seq: login.userSeq, positions: [] }),
      );
    else if (frame.type === 'resumed') this.#resumed();
    else if (frame.type === 'done' && frame.re === ID.subscribe) this.#live?.();
    else if (frame.type === 'error') this.#listener.onProblem(`The server refused: ${frame.code}, ${frame.detail}`);
    else if (frame.type === 'resync_required') this.#listener.onProblem(`The server wants a resync: ${frame.reason}`);
  }

  #greet({ send = [], live = false }: ReturnType<Greeter>): void {
    for (const answer of send) this.write(frameOf(this.#shape.opcode, Buffer.from(answer), this.#mask));
    if (live) this.#live?.();
  }

  #resumed(): void {
    const { channel } = this.seat;
    if (channel === undefined) return this.#live?.();
    const { conversationId, afterSeq } = channel;
    const command = {
      type: 'subscribe',
      id: ID.subscribe,
      conversation_id: conversationId,
      after_seq: afterSeq,
    } as const;
    this.write(this.#frame(command));
  }

  #frame(command: Command): Buffer {
    return frameOf(this.#shape.opcode, Buffer.from(this.#shape.codec.encodeCommand(command)), this.#mask);
  }
}
