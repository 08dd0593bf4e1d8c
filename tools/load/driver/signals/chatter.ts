import { randomBytes } from 'node:crypto';
import { binaryCodec, type Command, type ServerFrame, SUBPROTOCOLS } from '@parley/protocol';
import { nowUs } from '../../measure/clock.ts';
import type { Seat } from '../plan.ts';
import { frameOf, OPCODE } from '../websocket-bytes.ts';
import { Wire } from '../wire.ts';

const ID = { authenticate: 1, sync: 2, watch: 3, ping: 4 } as const;
/** A server that is busy, not a person who waits. */
const PING_EVERY_MS = 25_000;

/** What a connection tells the one who lives through it. */
export interface ChatterListener {
  /** Live, and the presence of the others is watched. */
  onHere(): void;
  onFrame(frame: ServerFrame): void;
  onProblem(problem: string): void;
}

/** One person of a group who comes and goes: each time it logs in, goes on after the last message it has, and watches the others. */
export class Chatter {
  readonly seat: Seat;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #others: readonly string[];
  readonly #listener: ChatterListener;
  readonly #mask = randomBytes(4);
  #wire: Wire | undefined;
  #userSeq: number;
  #heard = 0;
  #pinging: NodeJS.Timeout | undefined;
  /** When the server was told who this is; the person is online from then on. */
  cameUs = 0;
  leftUs = 0;
  /** When the others were watched; 0 while away. */
  hereUs = 0;

  constructor(
    seat: Seat,
    others: readonly string[],
    target: { readonly host: string; readonly port: number },
    listener: ChatterListener,
  ) {
    this.seat = seat;
    this.#others = others;
    this.#target = target;
    this.#listener = listener;
    this.#userSeq = seat.login?.userSeq ?? 0;
  }

  come(): void {
    const { path, seat } = this.seat;
    const wire: Wire = new Wire({ ...this.#target, path, subprotocol: SUBPROTOCOLS.binary }, seat, {
      onFrame: (bytes, start, end) => this.#take(bytes.subarray(start, end)),
      onClose: (reason) => {
        if (wire === this.#wire) this.#listener.onProblem(`The connection of seat ${seat} ${reason}.`);
      },
    });
    this.#wire = wire;
    wire.opened.catch((error: Error) => this.#listener.onProblem(error.message));
    this.#pinging = setInterval(() => {
      if (this.hereUs > 0) this.say({ type: 'ping', id: ID.ping });
    }, PING_EVERY_MS);
  }

  leave(): void {
    const wire = this.#wire;
    this.#wire = undefined;
    this.leftUs = nowUs();
    this.hereUs = 0;
    clearInterval(this.#pinging);
    wire?.close();
  }

  say(command: Command): void {
    // The cast holds: the binary codec gives bytes.
    this.#wire?.write(frameOf(OPCODE.binary, binaryCodec.encodeCommand(command) as Uint8Array, this.#mask));
  }

  #take(payload: Buffer): void {
    const decoded = binaryCodec.decodeServerFrame(payload);
    if (decoded.kind !== 'ok') return this.#listener.onProblem('The server sent a frame that cannot be read.');
    const frame = decoded.value;
    const { login, lanes } = this.seat;
    switch (frame.type) {
      case 'hello':
        this.cameUs = nowUs();
        return this.say({ type: 'authenticate', id: ID.authenticate, token: login?.token });
      case 'authenticated': {
        const [lane] = lanes;
        const positions = lane && this.#heard > 0 ? [{ conversation_id: lane.conversationId, seq: this.#heard }] : [];
        return this.say({ type: 'sync', id: ID.sync, epoch: login?.epoch ?? '', user_seq: this.#userSeq, positions });
      }
      case 'resumed':
        this.#userSeq = frame.user_seq;
        // The cast holds: they are ids that the server gave.
        return this.say({ type: 'presence_watch', id: ID.watch, user_ids: this.#others } as Command);
      case 'done':
        this.hereUs = nowUs();
        return this.#listener.onHere();
      case 'error':
        return this.#listener.onProblem(`The server refused: ${frame.code}, ${frame.detail}`);
      case 'resync_required':
      case 'conversation_gap':
        return this.#listener.onProblem(`The server did not replay but answered ${frame.type}.`);
      case 'new_message':
      case 'msg_ack':
        this.#heard = Math.max(this.#heard, frame.seq ?? 0);
        return this.#listener.onFrame(frame);
      default:
        return this.#listener.onFrame(frame);
    }
  }
}
