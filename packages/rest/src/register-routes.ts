import { type Core, done, type Log, type Outcome } from '@parley/core';
import { API_PREFIX, ROUTES, type Route } from '@parley/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { admit } from './admission.ts';
import { checkResponse } from './check-response.ts';
import type { ApiHandlers, Call, Handler, HandlersOf, PollRouteName } from './handler.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { jsonLines } from './json-lines.ts';
import { sendProblem } from './problem.ts';
import { readRouteRequest } from './route-request.ts';

export interface RegisterOptions {
  readonly core: Core;
  readonly handlers: ApiHandlers & Partial<HandlersOf<PollRouteName>>;
  /** Throw when an answer does not match its schema (HTTP-3): for tests, it costs a second walk through every answer. */
  readonly checkResponses: boolean;
}

/** A reader of a stream that takes nothing for so long is gone. */
const STREAM_IDLE_MS = 60_000;

/** Serves every route of the table that has a handler. */
export function registerRoutes(app: FastifyInstance, { core, handlers, checkResponses }: RegisterOptions): void {
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    // The cast holds: HandlersOf gives each name the handler of that very route, and the request below is parsed by its schemas.
    const handler = handlers[name as keyof typeof handlers] as unknown as Handler<Route> | undefined;
    if (handler === undefined) continue;
    app.route({
      method: route.method,
      url: API_PREFIX + route.path,
      // HEAD of a stream or of a poll would do the work, or take the frames, and throw them away.
      exposeHeadRoute: route.method === 'GET' && route.produces === undefined && name !== 'pollEvents',
      onRequest: async (request, reply) => {
        const admission = await admit(core, route, request, reply);
        if (admission.kind === 'refused') return sendProblem(request, reply, admission);
        request.admission = admission.value;
        return undefined;
      },
      handler: async (request, reply) => {
        const call = readCall(route, request, reply);
        if (call.kind === 'refused') return sendProblem(request, reply, call);
        const outcome = await handler(call.value);
        if (outcome.kind === 'refused') return sendProblem(request, reply, outcome);
        if (route.produces !== undefined) {
          // The cast holds: `Answer` of a route that produces lines is an iterable of objects.
          const items = outcome.value as unknown as AsyncIterable<object>;
          return sendLines(core.log, route.produces, request, reply, items);
        }
        if (checkResponses) checkResponse(name, route, outcome.value);
        return sendAnswer(route, reply, outcome.value);
      },
    });
  }
}

/** Checks everything about a request that is not the business of core. */
function readCall(route: Route, request: FastifyRequest, reply: FastifyReply): Outcome<Call<Route>> {
  const { admission } = request;
  if (admission === null) throw new Error('A route was reached without admission.');
  const parts = readRouteRequest(route, request);
  if (parts.kind === 'refused') return parts;
  const key = route.idempotent ? readIdempotencyKey(request.headers['idempotency-key'], parts.value.body) : done(null);
  if (key.kind === 'refused') return key;
  const gone = new AbortController();
  const close = (): void => {
    if (!reply.raw.writableEnded) gone.abort();
  };
  // Who went while the request was admitted is told of by no event any more.
  if (reply.raw.destroyed) close();
  else reply.raw.once('close', close);
  // The cast holds: admission gives an actor on every route that is not for anybody, and the parts were parsed by the schemas of this route.
  return done({ ...admission, request: parts.value, idempotencyKey: key.value, signal: gone.signal } as Call<Route>);
}

function sendAnswer(route: Route, reply: FastifyReply, value: unknown): FastifyReply {
  reply.code(route.status).header('cache-control', route.auth === 'none' ? 'no-store' : 'private, no-store');
  if (route.response === undefined) return reply.send();
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(value));
}

function sendLines(
  log: Log,
  mediaType: string,
  request: FastifyRequest,
  reply: FastifyReply,
  items: AsyncIterable<object>,
): FastifyReply {
  const lines = jsonLines(items);
  // The status has gone out by then: the caller sees a body that was cut off, and only this line says why.
  lines.once('error', (error) => log.error('http_stream_failed', { request_id: request.id, error }));
  reply.raw.setTimeout(STREAM_IDLE_MS, () => reply.raw.destroy());
  return reply.code(200).header('cache-control', 'private, no-store').type(mediaType).send(lines);
}
