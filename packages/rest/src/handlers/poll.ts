import type { Actor, Outcome } from '@parley/core';
import type { ROUTES, RouteOutput, RouteRequest } from '@parley/protocol';
import type { HandlersOf, PollRouteName } from '../handler.ts';

type Routes = typeof ROUTES;

/** Long-poll sessions as the composition root binds them to the gateway (POLL-1 … POLL-4). */
export interface PollSessions {
  /** `signal` aborts when the caller has gone away without the answer, and so without the only name of the session. */
  open(actor: Actor, signal: AbortSignal): Promise<Outcome<RouteOutput<Routes['openEvents']>>>;
  /** Waits at most 25 s; `signal` aborts when the caller has gone away. */
  poll(actor: Actor, cursor: string, signal: AbortSignal): Promise<Outcome<RouteOutput<Routes['pollEvents']>>>;
  send(
    actor: Actor,
    cursor: string,
    frames: RouteRequest<Routes['sendFrames']>['body']['frames'],
  ): Promise<Outcome<undefined>>;
  close(actor: Actor, cursor: string): Promise<Outcome<undefined>>;
}

export const pollHandlers = (sessions: PollSessions): HandlersOf<PollRouteName> => ({
  openEvents: ({ actor, signal }) => sessions.open(actor, signal),
  pollEvents: ({ actor, request, signal }) => sessions.poll(actor, request.query.cursor, signal),
  sendFrames: ({ actor, request }) => sessions.send(actor, request.query.cursor, request.body.frames),
  closeEvents: ({ actor, request }) => sessions.close(actor, request.query.cursor),
});
