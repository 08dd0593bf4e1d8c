import type { Socket, SocketListener } from '../src/environment.ts';

interface PollSession {
  readonly peer: Socket;
  /** Frames since the cursor `base`. */
  frames: unknown[];
  base: number;
  isClosed: boolean;
  wake: () => void;
}

/** Long-poll sessions of the loopback server: a connection whose frames wait for the next poll (POLL-1, POLL-2). */
export class LoopbackPolls {
  readonly #open: (listener: SocketListener) => Socket;
  readonly #sessions = new Map<string, PollSession>();
  /** Answers that are lost on the way, after the server has done its part. */
  losesAnswer: () => boolean = () => false;
  /** A session that is refused for so many ms. */
  refusesSession: () => number | undefined = () => undefined;

  constructor(open: (listener: SocketListener) => Socket) {
    this.#open = open;
  }

  async answer(init: RequestInit, cursor: string | null): Promise<Response> {
    const response = await this.#answer(init, cursor);
    if (this.losesAnswer()) throw new TypeError('The test network lost an answer.');
    return response;
  }

  async #answer(init: RequestInit, cursor: string | null): Promise<Response> {
    const retry_after_ms = cursor === null ? this.refusesSession() : undefined;
    if (retry_after_ms !== undefined)
      return new Response(JSON.stringify({ code: 'RATE_LIMITED', detail: 'Too often.', retry_after_ms }), {
        status: 429,
      });
    if (cursor === null) return this.#begin();
    const [name = '', place = ''] = cursor.split('.');
    const session = this.#sessions.get(name);
    if (session === undefined || session.isClosed)
      return new Response(JSON.stringify({ code: 'BAD_CURSOR', detail: 'This session is over.' }), { status: 400 });
    if (init.method === 'POST') {
      // The cast holds: the client sends what the route's schema says.
      const { frames } = JSON.parse(String(init.body)) as { frames: unknown[] };
      for (const frame of frames) session.peer.send(JSON.stringify(frame));
      return new Response(null, { status: 202 });
    }
    if (init.method === 'DELETE') {
      session.peer.close(1000);
      return new Response(null, { status: 204 });
    }
    return this.#poll(name, session, Number(place), init.signal ?? undefined);
  }

  #begin(): Response {
    const name = String(this.#sessions.size + 1);
    const frames: unknown[] = [];
    const take = (data: string | Uint8Array) => {
      const session = this.#sessions.get(name);
      (session?.frames ?? frames).push(JSON.parse(String(data)));
      session?.wake();
    };
    const closed = () => {
      const session = this.#sessions.get(name);
      if (session !== undefined) session.isClosed = true;
      session?.wake();
    };
    const peer = this.#open({ onData: take, onClosed: closed });
    this.#sessions.set(name, { peer, frames, base: 0, isClosed: false, wake: () => undefined });
    return new Response(JSON.stringify({ cursor: `${name}.0`, frames: [] }), { status: 201 });
  }

  async #poll(name: string, session: PollSession, place: number, signal: AbortSignal | undefined): Promise<Response> {
    session.frames.splice(0, place - session.base);
    session.base = Math.max(session.base, place);
    if (session.frames.length === 0 && !session.isClosed) {
      await new Promise<void>((resolve) => {
        session.wake = resolve;
        signal?.addEventListener('abort', () => resolve());
      });
    }
    const cursor = `${name}.${session.base + session.frames.length}`;
    return new Response(JSON.stringify({ cursor, frames: session.frames }), { status: 200 });
  }
}
