import type { Actor } from '@parley/core';
import type { CloseName } from '@parley/protocol';
import { type Command, type CommandOf, LIMITS, PROTOCOL_VERSION, type ServerFrame } from '@parley/protocol';
import { authenticate } from './authentication.ts';
import { handleCommand } from './command-handlers.ts';
import { type Commander, CommandQueue } from './command-queue.ts';
import type { Watched } from './deadline-wheel.ts';
import type { Edge } from './edge.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { type About, errorFrame, failureFrame, invalidFrame } from './error-frames.ts';
import type { Peer } from './peer.ts';
import type { Session } from './session.ts';
import type { Transport } from './transport.ts';

/** CONN-2: what a stranger may send. */
const STRANGER_FRAMES_MAX = 16;
const STRANGER_BYTES_MAX = 65_536;
/** CONN-5. */
const TOKEN_GRACE_MS = 60_000;
/** A client that takes nothing for this long will not: its frames are waiting in the log. */
const STALL_MAX_MS = 60_000;

type State =
  | { readonly name: 'awaiting_authentication'; deadlineAt: number; frames: number; bytes: number }
  | { readonly name: 'authenticated'; readonly session: Session }
  | { readonly name: 'closed' };
const CLOSED: State = { name: 'closed' };

/**
 * One client's attachment to this node, over any transport: greets, reads the frames, holds the deadlines. What it may do lies in its state;
 * what it listens to, in its session; what it was asked, in its command queue.
 */
export class Connection implements Peer, Watched, Commander {
  readonly id: string;
  readonly transport: Transport;
  readonly #edge: Edge;
  wheelSlot = -1;
  #state: State;
  #heardAt: number;
  readonly #commands = new CommandQueue(this);

  constructor(edge: Edge, id: string, transport: Transport) {
    this.id = id;
    this.transport = transport;
    this.#edge = edge;
    const now = edge.core.clock.now();
    this.#heardAt = now;
    const deadlineAt = now + edge.core.settings.authenticationTimeoutMs;
    this.#state = { name: 'awaiting_authentication', deadlineAt, frames: 0, bytes: 0 };
    edge.connections.add(this);
    edge.wheel.add(this, deadlineAt);
    this.send(this.#greeting(now));
  }

  get session(): Session | undefined {
    return this.#state.name === 'authenticated' ? this.#state.session : undefined;
  }

  get actor(): Actor | undefined {
    return this.session?.actor;
  }

  get closed(): boolean {
    return this.#state.name === 'closed';
  }

  /** Whether so many commands wait that a transport that cannot stop reading must refuse more. */
  get busy(): boolean {
    return this.#commands.busy;
  }

  /** One frame for this connection alone. */
  send(frame: ServerFrame): void {
    this.deliver(new EncodedFrame(frame, this.#edge.counters));
  }

  /** A frame that other connections may get as well. */
  deliver(frame: EncodedFrame): void {
    if (this.closed) return;
    try {
      if (this.transport.send(frame)) return;
    } catch (error) {
      // What cannot be written must not reach further than this one connection: not the others of a topic, not the process.
      this.#edge.core.log.error('frame.not_written', { type: frame.frame.type, error });
      this.close('INTERNAL');
      return;
    }
    this.#edge.counters.slowCloses += 1;
    this.close('TOO_SLOW');
  }

  /** Any sign of life (CONN-6). Strangers have few of them, whatever their kind. */
  heard(bytes: number): boolean {
    if (this.closed) return false;
    this.#heardAt = this.#edge.core.clock.now();
    if (this.#state.name !== 'awaiting_authentication') return true;
    this.#state.frames += 1;
    this.#state.bytes += bytes;
    if (this.#state.frames <= STRANGER_FRAMES_MAX && this.#state.bytes <= STRANGER_BYTES_MAX) return true;
    this.send(errorFrame({}, 'NOT_AUTHENTICATED', 'Too much was sent before authenticate was answered; log in first.'));
    this.close('BAD_FRAME');
    return false;
  }

  /** Takes one frame from the client. */
  receive(data: Uint8Array, isBinary: boolean): void {
    if (!this.heard(data.byteLength)) return;
    this.#read(data, isBinary);
    this.#commands.holdBack();
  }

  #read(data: Uint8Array, isBinary: boolean): void {
    this.#edge.counters.framesIn += 1;
    this.#edge.counters.bytesIn += data.byteLength;
    if (data.byteLength > LIMITS.frameBytesMax) {
      this.frameRefused('TOO_LARGE');
      return;
    }
    const { codec } = this.transport;
    if (isBinary !== (codec.name === 'binary')) {
      this.frameRefused('BAD_FRAME', `This subprotocol takes ${codec.name === 'binary' ? 'binary' : 'text'} frames.`);
      return;
    }
    const decoded = codec.decodeCommand(data);
    switch (decoded.kind) {
      case 'ok':
        this.#take(decoded.value);
        return;
      case 'unreadable':
        this.frameRefused('BAD_FRAME', decoded.detail);
        return;
      case 'unknown_type':
        this.send(
          errorFrame(
            { re: decoded.id },
            'UNKNOWN_COMMAND',
            `There is no command ${JSON.stringify(decoded.frameType)}.`,
          ),
        );
        return;
      case 'invalid':
        this.send(invalidFrame({ re: decoded.id }, decoded.fields));
        return;
      default:
        decoded satisfies never;
    }
  }

  /** FRAME-2, FRAME-3: says what was wrong and closes. */
  frameRefused(code: 'BAD_FRAME' | 'TOO_LARGE', detail?: string): void {
    if (this.closed) return;
    const reason =
      detail ??
      (code === 'TOO_LARGE' ? `A frame has at most ${LIMITS.frameBytesMax} bytes.` : 'The framing is broken.');
    this.send(errorFrame({}, code, `${reason} Nothing of this frame was done.`));
    this.close(code);
  }

  /** The stranger is known now. A connection that was closed meanwhile lets the session go. */
  authenticated(session: Session): void {
    if (this.closed) {
      session.end();
      return;
    }
    this.#state = { name: 'authenticated', session };
    this.#edge.connections.authenticated(this, session.actor.deviceId);
    session.announce();
  }

  checkDeadlines(now: number): number | null {
    this.#keepWithin(now);
    switch (this.#state.name) {
      case 'closed':
        return null;
      case 'awaiting_authentication':
        if (now < this.#state.deadlineAt) return this.#state.deadlineAt;
        this.close('AUTHENTICATION_TIMEOUT');
        return null;
      case 'authenticated':
        return this.#checkAuthenticated(this.#state.session, now);
      default:
        return this.#state satisfies never;
    }
  }

  /** Where the clock was set back, nothing is of later than now: nobody gets more time by that. */
  #keepWithin(now: number): void {
    this.#heardAt = Math.min(this.#heardAt, now);
    if (this.#state.name !== 'awaiting_authentication') return;
    this.#state.deadlineAt = Math.min(this.#state.deadlineAt, now + this.#edge.core.settings.authenticationTimeoutMs);
  }

  #checkAuthenticated(session: Session, now: number): number | null {
    const silentAt = this.#heardAt + 2 * this.#edge.core.settings.heartbeatIntervalMs;
    const rejectedAt = session.expiresAt + TOKEN_GRACE_MS;
    const { stalledSince } = this.transport;
    const stalledAt = (stalledSince ?? now) + STALL_MAX_MS;
    if (now >= rejectedAt) {
      this.send(errorFrame({}, 'TOKEN_EXPIRED', 'The access token has expired. Get a new one and connect again.'));
      this.close('TOKEN_REJECTED');
    } else if (now >= silentAt) this.close('HEARTBEAT_MISSED');
    else if (now >= stalledAt) {
      this.#edge.counters.slowCloses += 1;
      this.close('TOO_SLOW');
    } else return Math.min(silentAt, rejectedAt, stalledAt);
    return null;
  }

  close(name: CloseName): void {
    if (this.closed) return;
    this.transport.close(name);
    this.ended();
  }

  /** The transport is gone, or was just closed by us: lets go of everything. */
  ended(): void {
    if (this.closed) return;
    const { session } = this;
    this.#state = CLOSED;
    this.#edge.wheel.remove(this);
    this.#edge.connections.remove(this, session?.actor.deviceId);
    session?.end();
    this.#commands.forget();
  }

  finish(): Promise<void> {
    return this.#commands.finish();
  }

  #greeting(now: number): ServerFrame {
    const { settings } = this.#edge.core;
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      server_version: this.#edge.options.version,
      server_time: now,
      connection_id: this.id,
      heartbeat_interval_ms: settings.heartbeatIntervalMs,
      authentication_timeout_ms: settings.authenticationTimeoutMs,
      features: [...this.#edge.options.features],
      frame_bytes_max: LIMITS.frameBytesMax,
    };
  }

  #take(command: Command): void {
    if (this.#commands.stopping) {
      const detail = 'The server is stopping; this was not done. Repeat it after reconnecting, with the same key.';
      this.send(errorFrame(aboutOf(command), 'SHUTTING_DOWN', detail));
      return;
    }
    // Writes nothing, so it may overtake (FRAME-7); a slow store must not look like a dead server.
    if (command.type === 'ping' && this.#state.name === 'authenticated') {
      this.send({ type: 'pong', re: command.id, server_time: this.#edge.core.clock.now() });
      return;
    }
    this.#commands.take(command);
  }

  async #authenticate(present: Session | undefined, command: CommandOf<'authenticate'>): Promise<undefined> {
    const { reply, session, close } = await authenticate(this.#edge, this, present, command);
    if (present === undefined && session !== undefined) this.authenticated(session);
    this.send(reply);
    if (close !== undefined) this.close(close);
    return undefined;
  }

  /** See Commander. */
  replyTo(command: Command, reply: (frame: ServerFrame | undefined) => void): void {
    let answer: Promise<ServerFrame | undefined> | ServerFrame | undefined;
    try {
      answer = this.#ask(command);
    } catch (error) {
      answer = this.#failure(command, error);
    }
    if (answer instanceof Promise) answer.then(reply, (error: unknown) => reply(this.#failure(command, error)));
    else reply(answer);
  }

  #ask(command: Command): Promise<ServerFrame | undefined> | ServerFrame | undefined {
    const { session } = this;
    if (command.type === 'authenticate') return this.#authenticate(session, command);
    if (session === undefined)
      return errorFrame(aboutOf(command), 'NOT_AUTHENTICATED', 'The first command must be authenticate.');
    return handleCommand(this.#edge, session, command);
  }

  #failure(command: Command, error: unknown): ServerFrame {
    return failureFrame(aboutOf(command), error, this.#edge.core.log, this.#edge.core.random);
  }
}

export const aboutOf = (command: Command): About => ({
  re: 'id' in command ? command.id : undefined,
  clientMsgId: 'client_msg_id' in command ? command.client_msg_id : undefined,
});
