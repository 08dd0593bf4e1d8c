import { randomBytes } from 'node:crypto';
import {
  binaryCodec,
  type Command,
  type CommandOf,
  type ConversationId,
  type ServerFrame,
  SUBPROTOCOLS,
} from '@parley/protocol';
import { nowUs } from '../measure/clock.ts';
import type { Seat } from './plan.ts';
import { stampedUuid } from './stamp.ts';
import { frameOf, OPCODE } from './websocket-bytes.ts';
import { Wire } from './wire.ts';

/** CONN-9: full jitter between 0 and 1, 2, 4 … 30 s. */
const FIRST_DELAY_MS = 1_000;
const DELAY_MAX_MS = 30_000;
const ID = { authenticate: 1, sync: 2, message: 10 } as const;

/** One end of a direct conversation that outlives its server: reconnects, resumes from its position, repeats what was not answered, and keeps book of all entries. */
export class Survivor {
  readonly #seat: Seat;
  readonly #conversationId: ConversationId;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #mask = randomBytes(4);
  readonly #onConnect: () => void;
  readonly #onLive: () => void;
  #wire: Wire | undefined;
  #attempts = 0;
  #userSeq: number;
  /** Everything up to here has arrived, by delivery or by the own acknowledgement. */
  #contiguous: number;
  readonly #beyond = new Set<number>();
  /** Delivered on the present connection: none may come twice (SYNC-3). */
  #delivered = new Set<number>();
  readonly #unanswered = new Map<string, CommandOf<'send_message'>>();
  readonly acknowledged: number[] = [];
  #said = 0;
  duplicates = 0;
  live = false;
  closed = false;

  constructor(
    seat: Seat,
    headSeq: number,
    target: { readonly host: string; readonly port: number },
    listener: { readonly onConnect: () => void; readonly onLive: () => void },
  ) {
    const [lane] = seat.lanes;
    if (lane === undefined) throw new Error('A survivor needs a conversation.');
    this.#seat = seat;
    this.#conversationId = lane.conversationId;
    this.#contiguous = headSeq;
    this.#userSeq = seat.login?.userSeq ?? 0;
    this.#target = target;
    this.#onConnect = listener.onConnect;
    this.#onLive = listener.onLive;
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  has(seq: number): boolean {
    return seq <= this.#contiguous || this.#beyond.has(seq);
  }

  /** Whether an entry is missing below one that has arrived. */
  get hasGap(): boolean {
    return this.#beyond.size > 0;
  }

  connect(): void {
    this.#onConnect();
    const wire: Wire = new Wire(
      { ...this.#target, path: this.#seat.path, subprotocol: SUBPROTOCOLS.binary },
      this.#seat.seat,
      {
        onFrame: (bytes, start, end) => this.#take(bytes.subarray(start, end)),
        onClose: () => this.#again(wire),
      },
    );
    this.#wire = wire;
    this.#delivered = new Set();
    wire.opened.catch(() => this.#again(wire));
  }

  /** Sends a new message; it is repeated with the same key after every reconnect until it is answered (SEND-4). */
  say(text: string): void {
    this.#said += 1;
    const command = {
      type: 'send_message',
      id: ID.message,
      client_msg_id: stampedUuid({ seat: this.#seat.seat, slot: this.#said & 0xffff, run: 0, sentUs: nowUs() }),
      conversation_id: this.#conversationId,
      content: { text },
    } as const;
    this.#unanswered.set(command.client_msg_id, command);
    if (this.live) this.#write(command);
  }

  close(): void {
    this.closed = true;
    this.#wire?.close();
  }

  #again(wire: Wire): void {
    if (this.closed || wire !== this.#wire) return;
    this.#wire = undefined;
    this.live = false;
    const delay = Math.random() * Math.min(DELAY_MAX_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    setTimeout(() => this.connect(), delay);
  }

  #take(payload: Buffer): void {
    const decoded = binaryCodec.decodeServerFrame(payload);
    if (decoded.kind !== 'ok') throw new Error('The server sent a frame that cannot be read.');
    this.#answer(decoded.value);
  }

  #answer(frame: ServerFrame): void {
    const { login } = this.#seat;
    if (frame.type === 'hello') this.#write({ type: 'authenticate', id: ID.authenticate, token: login?.token });
    else if (frame.type === 'authenticated') {
      const positions = [{ conversation_id: this.#conversationId, seq: this.#contiguous }];
      this.#write({ type: 'sync', id: ID.sync, epoch: login?.epoch ?? '', user_seq: this.#userSeq, positions });
    } else if (frame.type === 'resumed') this.#resumed(frame.user_seq);
    else if (frame.type === 'new_message') {
      if (this.#delivered.has(frame.seq)) this.duplicates += 1;
      this.#delivered.add(frame.seq);
      this.#arrived(frame.seq);
    } else if (frame.type === 'msg_ack' && frame.seq !== undefined) {
      this.#unanswered.delete(frame.client_msg_id);
      this.acknowledged.push(frame.seq);
      this.#arrived(frame.seq);
    } else if (frame.type === 'resync_required' || frame.type === 'conversation_gap')
      throw new Error(`The server did not replay the gap but answered ${frame.type}.`);
  }

  #resumed(userSeq: number): void {
    this.#userSeq = userSeq;
    this.#attempts = 0;
    this.live = true;
    this.#onLive();
    for (const command of this.#unanswered.values()) this.#write(command);
  }

  #arrived(seq: number): void {
    if (seq > this.#contiguous) this.#beyond.add(seq);
    while (this.#beyond.delete(this.#contiguous + 1)) this.#contiguous += 1;
  }

  #write(command: Command): void {
    this.#wire?.write(frameOf(OPCODE.binary, binaryCodec.encodeCommand(command) as Uint8Array, this.#mask));
  }
}
