import type { Actor, Outcome } from '@parley/core';
import type { ROUTES, Route, RouteName, RouteOutput, RouteRequest } from '@parley/protocol';

/** One call as a handler gets it: parsed, admitted, counted. */
export interface Call<R extends Route> {
  readonly actor: R['auth'] extends 'none' ? null : Actor;
  readonly request: RouteRequest<R>;
  /** Client address, as far as attempts are counted by it. */
  readonly address: string;
  /** UUID of the header `Idempotency-Key`; `null` without one, or where the route takes none. */
  readonly idempotencyKey: string | null;
  /** Aborts when the caller has gone away before there was an answer. */
  readonly signal: AbortSignal;
}

/** What a handler answers: the body, or for JSON lines the objects one after the other. */
export type Answer<R extends Route> = R extends { readonly produces: string } ? AsyncIterable<object> : RouteOutput<R>;

export type Handler<R extends Route> = (call: Call<R>) => Promise<Outcome<Answer<R>>>;

/** A handler for each of the named routes: leaving one out is an error of the type check. */
export type HandlersOf<Names extends RouteName> = { readonly [N in Names]: Handler<(typeof ROUTES)[N]> };

export type PollRouteName = 'openEvents' | 'pollEvents' | 'sendFrames' | 'closeEvents';
export type ApiHandlers = HandlersOf<Exclude<RouteName, PollRouteName>>;
