import { CLOSE, type Command, ERRORS, type ServerFrame } from '@parley/protocol';
import { ApiError, SignedOutError } from '../api/api-error.ts';
import type { ClientEnvironment } from '../environment.ts';
import { ABNORMAL_CLOSURE, type OpenTransport, type Transport, type TransportKind } from '../transport/transport.ts';
import { afterClose } from './after-close.ts';
import { backOffMs } from './back-off.ts';
import { Heartbeat } from './heartbeat.ts';
import { type Asking, Replies, type Reply } from './replies.ts';
import type { ConnectionStatus, StoppedReason, WaitingReason } from './status.ts';

export interface ConnectionParts {
  readonly environment: ClientEnvironment;
  readonly transports: Readonly<Record<TransportKind, OpenTransport>>;
  /** A token that works; `rejected` is one that the server did not take. Throws SignedOutError or ApiError. */
  accessToken(rejected?: string): Promise<string>;
  /** Brings the device up to date (SYNC-4). False: an answer was lost, or the server could not. Throws as `accessToken`. */
  synchronise(ask: (command: Asking) => Promise<Reply | 'lost'>, tell: (command: Command) => void): Promise<boolean>;
  onStatus(status: ConnectionStatus): void;
  /** Every frame, before the command that it answers is told. */
  onFrame(frame: ServerFrame): void;
  /** The attempt is over: nothing more comes from it. */
  onLost(): void;
}

const HELLO_TIMEOUT_MS = 15_000;
/** A slow store means a slow acknowledgement (S2), so this is generous; a dead line is noticed by the heartbeat. */
const REPLY_TIMEOUT_MS = 60_000;
/** A connection that stayed this long has proved itself: back-off starts anew. */
const SETTLED_AFTER_MS = 5_000;
/** So many WebSockets in a row that never said hello: they may be blocked on the way. */
const WEBSOCKET_FAILURES_MAX = 3;
/** How long long polling is used before a WebSocket is tried again. */
const LONG_POLL_FOR_MS = 300_000;
const RENEW_BEFORE_MS = 60_000;
const RENEW_RETRY_MS = 10_000;

/** One try to be connected, from opening to the end. What belongs to an earlier one is ignored. */
interface Attempt {
  readonly kind: TransportKind;
  readonly replies: Replies;
  readonly heartbeat: Heartbeat;
  transport: Transport | undefined;
  onHello: ((heartbeatIntervalMs: number) => void) | undefined;
  hasOpened: boolean;
  liveAt: number | undefined;
  token: string;
  /** The server's clock minus ours: a device whose clock is wrong must still renew its token in time. */
  clockAheadMs: number;
  reconnectAfterMs: number | undefined;
  readonly timers: Map<'hello' | 'renewal' | 'upgrade', () => void>;
}

/**
 * Keeps one connection up: connecting → authenticating → syncing → live, and again after each end, without limit, unless the close table says stop.
 */
export class Connection {
  readonly #parts: ConnectionParts;
  #attempt: Attempt | undefined;
  #cancelWait: (() => void) | undefined;
  #status: ConnectionStatus = { kind: 'offline' };
  /** Failures in a row. */
  #failures = 0;
  #webSocketFailures = 0;
  #rejectedToken: string | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  connect(): void {
    if (this.#status.kind !== 'offline' && this.#status.kind !== 'stopped') return;
    this.#failures = 0;
    this.#begin();
  }

  disconnect(): void {
    this.#leave();
    this.#setStatus({ kind: 'offline' });
  }

  /** Gives the connection up and syncs again from the positions: something was lost on the way. */
  restart(): void {
    const attempt = this.#attempt;
    if (attempt !== undefined) this.#end(attempt, ABNORMAL_CLOSURE);
  }

  /** A hint of the device. Back online: no use in waiting longer. */
  networkChanged(isOnline: boolean): void {
    if (!isOnline || this.#status.kind !== 'waiting') return;
    this.#failures = 0;
    this.#leave();
    this.#begin();
  }

  /** `lost` at once when there is no connection. Only `live` connections take commands. */
  ask(command: Asking): Promise<Reply | 'lost'> {
    const attempt = this.#attempt;
    if (attempt === undefined || this.#status.kind !== 'live') return Promise.resolve('lost');
    return this.#ask(attempt, command);
  }

  /** For commands without an answer; dropped when not live. */
  tell(command: Command): void {
    if (this.#status.kind === 'live') this.#attempt?.transport?.send(command);
  }

  #ask(attempt: Attempt, command: Asking): Promise<Reply | 'lost'> {
    if (attempt !== this.#attempt) return Promise.resolve('lost');
    return attempt.replies.ask(command, (numbered) => attempt.transport?.send(numbered));
  }

  #begin(): void {
    const kind = this.#webSocketFailures >= WEBSOCKET_FAILURES_MAX ? 'long_poll' : 'websocket';
    const { environment } = this.#parts;
    const giveUp = (): void => this.#end(attempt, ABNORMAL_CLOSURE);
    const attempt: Attempt = {
      kind,
      replies: new Replies(environment, REPLY_TIMEOUT_MS, giveUp),
      heartbeat: new Heartbeat({
        environment,
        ping: () => void this.#ask(attempt, { type: 'ping' }),
        onSilence: giveUp,
      }),
      transport: undefined,
      onHello: undefined,
      hasOpened: false,
      liveAt: undefined,
      token: '',
      clockAheadMs: 0,
      reconnectAfterMs: undefined,
      timers: new Map(),
    };
    this.#attempt = attempt;
    this.#setStatus({ kind: 'connecting', attempt: this.#failures });
    void this.#run(attempt).catch((error: unknown) => this.#fail(attempt, error));
  }

  async #run(attempt: Attempt): Promise<void> {
    attempt.token = await this.#parts.accessToken(this.#rejectedToken);
    if (attempt !== this.#attempt) return;
    const heartbeatIntervalMs = await this.#open(attempt);
    if (attempt !== this.#attempt) return;
    attempt.heartbeat.start(heartbeatIntervalMs);
    this.#setStatus({ kind: 'authenticating' });
    const reply = await this.#ask(attempt, { type: 'authenticate', token: attempt.token });
    if (attempt !== this.#attempt || reply === 'lost') return;
    // A refusal is followed by a close that says the same (CONN-4); it need not be waited for.
    if (reply.type !== 'authenticated') {
      if (reply.type === 'error') attempt.reconnectAfterMs = reply.retry_after_ms;
      return this.#end(attempt, closeOfRefusal(reply));
    }
    this.#rejectedToken = undefined;
    this.#renewAt(attempt, reply.token_expires_at);
    this.#setStatus({ kind: 'syncing' });
    const isComplete = await this.#parts.synchronise(
      (command) => this.#ask(attempt, command),
      (command) => {
        if (attempt === this.#attempt) attempt.transport?.send(command);
      },
    );
    if (attempt !== this.#attempt) return;
    if (!isComplete) return this.#end(attempt, ABNORMAL_CLOSURE);
    attempt.liveAt = this.#parts.environment.now();
    if (attempt.kind === 'long_poll') this.#upgradeLater(attempt);
    this.#setStatus({ kind: 'live', transport: attempt.kind });
  }

  #open(attempt: Attempt): Promise<number> {
    const giveUp = (): void => this.#end(attempt, ABNORMAL_CLOSURE);
    attempt.timers.set('hello', this.#parts.environment.after(HELLO_TIMEOUT_MS, giveUp));
    return new Promise((resolve) => {
      attempt.onHello = resolve;
      attempt.transport = this.#parts.transports[attempt.kind]({
        onFrame: (frame) => this.#onFrame(attempt, frame),
        onClosed: (code, retryAfterMs) => {
          attempt.reconnectAfterMs ??= retryAfterMs;
          this.#end(attempt, code);
        },
      });
    });
  }

  #onFrame(attempt: Attempt, frame: ServerFrame): void {
    if (attempt !== this.#attempt) return;
    attempt.heartbeat.heard();
    if (frame.type === 'hello') {
      attempt.hasOpened = true;
      attempt.clockAheadMs = frame.server_time - this.#parts.environment.now();
      attempt.timers.get('hello')?.();
      attempt.onHello?.(frame.heartbeat_interval_ms);
    }
    if (frame.type === 'closing') attempt.reconnectAfterMs = frame.reconnect_after_ms;
    this.#parts.onFrame(frame);
    attempt.replies.settle(frame);
  }

  /** CONN-5: a newer token keeps the connection. */
  #renewAt(attempt: Attempt, expiresAt: number): void {
    const { environment } = this.#parts;
    const leftMs = expiresAt - (environment.now() + attempt.clockAheadMs);
    attempt.timers.set(
      'renewal',
      environment.after(Math.max(RENEW_RETRY_MS, leftMs - RENEW_BEFORE_MS), () => {
        void this.#renew(attempt).catch((error: unknown) => {
          if (error instanceof SignedOutError) this.#fail(attempt, error);
          else if (attempt === this.#attempt) this.#renewAt(attempt, 0);
        });
      }),
    );
  }

  async #renew(attempt: Attempt): Promise<void> {
    const token = await this.#parts.accessToken(attempt.token);
    const reply = await this.#ask(attempt, { type: 'authenticate', token });
    if (attempt !== this.#attempt || reply === 'lost') return;
    attempt.token = token;
    this.#renewAt(attempt, reply.type === 'authenticated' ? reply.token_expires_at : 0);
  }

  #upgradeLater(attempt: Attempt): void {
    const upgrade = (): void => {
      this.#webSocketFailures = WEBSOCKET_FAILURES_MAX - 1;
      this.restart();
    };
    attempt.timers.set('upgrade', this.#parts.environment.after(LONG_POLL_FOR_MS, upgrade));
  }

  #fail(attempt: Attempt, error: unknown): void {
    if (attempt !== this.#attempt) return;
    if (error instanceof SignedOutError) this.#stop('signed_out');
    else if (error instanceof ApiError)
      this.#wait(attempt, error.reason === 'refused' ? 'server_refused' : 'unreachable', error.problem?.retry_after_ms);
    else {
      // A storage that failed, or a broken promise of our own: the connection comes back, and the fault is not hidden.
      this.#parts.environment.report(error);
      this.#wait(attempt, 'connection_lost');
    }
  }

  #end(attempt: Attempt, code: number): void {
    if (attempt !== this.#attempt) return;
    // CONN-13 is an answer of the server, whichever way it came.
    if (code === CLOSE.TOO_MANY_RECONNECTS.code) attempt.hasOpened = true;
    if (attempt.hasOpened) this.#webSocketFailures = attempt.kind === 'websocket' ? 0 : this.#webSocketFailures;
    // When long polling does not open either, the server is away, and WebSockets may be as good as ever.
    else this.#webSocketFailures = attempt.kind === 'websocket' ? this.#webSocketFailures + 1 : 0;
    const { advice, reason } = afterClose(code);
    if (advice === 'authenticate') this.#rejectedToken = attempt.token;
    if (advice === 'stop' && reason !== 'connection_lost') this.#stop(reason);
    else this.#wait(attempt, attempt.hasOpened ? reason : 'unreachable', attempt.reconnectAfterMs);
  }

  #stop(reason: StoppedReason): void {
    this.#leave();
    this.#setStatus({ kind: 'stopped', reason });
  }

  #wait(attempt: Attempt, reason: WaitingReason, delayMs?: number): void {
    const { environment } = this.#parts;
    if (attempt.liveAt !== undefined && environment.now() - attempt.liveAt >= SETTLED_AFTER_MS) this.#failures = 0;
    const waitMs = delayMs ?? backOffMs(this.#failures, environment.random());
    this.#failures += 1;
    this.#leave();
    this.#cancelWait = environment.after(waitMs, () => {
      this.#cancelWait = undefined;
      this.#begin();
    });
    this.#setStatus({ kind: 'waiting', untilMs: environment.now() + waitMs, attempt: this.#failures, reason });
  }

  /** Ends the present attempt, whatever it is doing. */
  #leave(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    this.#attempt = undefined;
    for (const cancel of attempt.timers.values()) cancel();
    attempt.heartbeat.stop();
    attempt.transport?.close();
    this.#parts.onLost();
    attempt.replies.lose();
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    this.#parts.onStatus(status);
  }
}

function closeOfRefusal(reply: Reply): number {
  if (reply.type !== 'error') return ABNORMAL_CLOSURE;
  if (reply.code === 'RATE_LIMITED') return CLOSE.TOO_MANY_RECONNECTS.code;
  return ERRORS[reply.code].retry === 'authenticate' ? CLOSE.TOKEN_REJECTED.code : ABNORMAL_CLOSURE;
}
