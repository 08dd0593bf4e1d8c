import { done, type Outcome, refused, takeConnection } from '@parley/core';
import type { ROUTES, RouteOutput } from '@parley/protocol';
import { admit, type Identity } from './authentication.ts';
import { Connection } from './connection.ts';
import type { Edge } from './edge.ts';
import { PollTransport } from './poll-transport.ts';

/** Answer of the routes `openEvents` and `pollEvents`. */
export type PollAnswer = RouteOutput<(typeof ROUTES)['openEvents']>;

/** Who asks: what the HTTP edge has authenticated for this request. */
export type PollActor = Pick<Identity, 'userId' | 'deviceId'>;

interface PollSession {
  readonly id: string;
  readonly actor: PollActor;
  readonly transport: PollTransport;
  readonly connection: Connection;
}

const BAD_CURSOR = () =>
  refused('BAD_CURSOR', 'This session is over or the cursor is not its own. Open a new session and synchronise.');

/** Connections over plain HTTP requests (POLL-1 … POLL-4): the same connection, session and commands, another transport. */
export class LongPoll {
  readonly #edge: Edge;
  readonly #sessions = new Map<string, PollSession>();
  #stopping = false;

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** No new sessions. */
  stop(): void {
    this.#stopping = true;
  }

  /** A session whose caller goes (`signal`) before the answer that names it is over: nobody could ask it anything, or end it. */
  async open(actor: PollActor, signal: AbortSignal): Promise<Outcome<PollAnswer>> {
    if (this.#stopping) return refused('SHUTTING_DOWN', 'The server is stopping. Open a session a little later.');
    if (this.#sessions.size >= this.#edge.options.pollSessionsMax)
      return refused('RATE_LIMITED', 'This server holds no more long-poll sessions. Try again later.', {
        retryAfterMs: 5_000,
      });
    const { core, counters } = this.#edge;
    const tooMany = await takeConnection(core, actor.userId);
    if (tooMany !== undefined) return tooMany;
    const id = Buffer.from(core.random.bytes(16)).toString('base64url');
    const transport = new PollTransport(core.settings.outboundBytesMax, counters, () => this.#sessions.delete(id));
    const connection = new Connection(this.#edge, id, transport);
    const session: PollSession = { id, actor, transport, connection };
    this.#sessions.set(id, session);
    try {
      // Each request carries its own token and a session that is not asked ends by itself, so the session has no expiry of its own.
      const identity = { userId: actor.userId, deviceId: actor.deviceId, expiresAt: Number.MAX_SAFE_INTEGER };
      const admitted = await admit(this.#edge, connection, identity);
      if (admitted !== undefined) {
        connection.authenticated(admitted);
        if (signal.aborted) this.#end(session);
        else signal.addEventListener('abort', () => this.#end(session), { once: true });
        return done(this.#answer(session));
      }
    } catch (error) {
      this.#end(session);
      throw error;
    }
    this.#end(session);
    return refused('TOKEN_INVALID', 'The device was logged out. Log in again.');
  }

  /** Waits for frames after the cursor until there are some, the wait is over, or the request is given up. */
  async poll(actor: PollActor, cursor: string, signal: AbortSignal): Promise<Outcome<PollAnswer>> {
    const place = this.#place(actor, cursor);
    if (place === undefined || !place.session.transport.acknowledge(place.upTo)) return BAD_CURSOR();
    const { session } = place;
    session.connection.heard(0);
    if (session.transport.idle) await this.#news(session.transport, signal);
    session.connection.heard(0);
    return done(this.#answer(session));
  }

  /** Takes commands in order; their replies are among the frames. Nothing of a request that is refused is taken. */
  async send(actor: PollActor, cursor: string, frames: readonly object[]): Promise<Outcome<undefined>> {
    const { session } = this.#place(actor, cursor) ?? {};
    if (session === undefined || session.transport.closed) return BAD_CURSOR();
    if (session.connection.busy)
      return refused('RATE_LIMITED', 'Too many commands are waiting; nothing was taken. Repeat it later.', {
        retryAfterMs: 1_000,
      });
    for (const frame of frames) session.connection.receive(Buffer.from(JSON.stringify(frame)), false);
    return done(undefined);
  }

  async close(actor: PollActor, cursor: string): Promise<Outcome<undefined>> {
    const { session } = this.#place(actor, cursor) ?? {};
    if (session === undefined) return BAD_CURSOR();
    this.#end(session);
    return done(undefined);
  }

  #answer(session: PollSession): PollAnswer {
    const { upTo, frames } = session.transport.handOut();
    return { cursor: `${session.id}.${upTo}`, frames };
  }

  /** A cursor is the session's unguessable id and the number of the last frame that the client has. Another user's is no cursor. */
  #place(actor: PollActor, cursor: string): { readonly session: PollSession; readonly upTo: number } | undefined {
    const [id = '', digits = ''] = cursor.split('.');
    const session = this.#sessions.get(id);
    if (session === undefined || !/^\d{1,15}$/.test(digits) || `${id}.${digits}` !== cursor) return undefined;
    if (session.actor.userId !== actor.userId || session.actor.deviceId !== actor.deviceId) return undefined;
    return { session, upTo: Number(digits) };
  }

  #news(transport: PollTransport, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#edge.core.clock.after(this.#edge.options.pollWaitMs, finish);
      signal.addEventListener('abort', finish, { once: true });
      transport.onNews(finish);
      if (signal.aborted) finish();
      function finish(): void {
        cancel();
        signal.removeEventListener('abort', finish);
        resolve();
      }
    });
  }

  /** With the connection the transport ends, and with it the place in the table. */
  #end(session: PollSession): void {
    session.connection.close('SESSION_EXPIRED');
  }
}
