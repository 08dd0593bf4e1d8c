import { type Core, refused } from '@parley/core';
import { LIMITS } from '@parley/protocol';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { registerDocuments } from './documents/register-documents.ts';
import type { ApiHandlers, HandlersOf, PollRouteName } from './handler.ts';
import { authHandlers } from './handlers/auth.ts';
import { conversationHandlers } from './handlers/conversations.ts';
import { keyHandlers } from './handlers/keys.ts';
import { messageHandlers } from './handlers/messages.ts';
import { type PollSessions, pollHandlers } from './handlers/poll.ts';
import { type ServerFacts, serverHandlers } from './handlers/server.ts';
import { userHandlers } from './handlers/users.ts';
import { type ComponentHealth, registerHealth } from './health.ts';
import { readJsonBody } from './json-body.ts';
import { KnownAddresses } from './other-methods.ts';
import { problemOf, sendProblem } from './problem.ts';
import { refusalOfError } from './refusal-of-error.ts';
import { registerRoutes } from './register-routes.ts';
import { setCommonHeaders } from './response-headers.ts';

export interface RestOptions extends ServerFacts {
  /** Web origins whose pages may call the API from a browser, such as `https://chat.example`. The server's own needs no entry. */
  readonly origins: readonly string[];
  /** Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Long-poll sessions of the gateway; `null`: the four routes are not served. */
  readonly poll: PollSessions | null;
  readonly readiness: (signal: AbortSignal) => Promise<readonly ComponentHealth[]>;
  /** HTTP-3, for tests: an answer that does not match its schema is a 500. */
  readonly checkResponses: boolean;
}

/** The head and body of a request must have arrived by then: half-sent requests do not hold a socket. */
const REQUEST_TIMEOUT_MS = 30_000;
const READINESS_DEADLINE_MS = 2_000;
/** The longest parameter is the id of a direct conversation (31). */
const PARAM_LENGTH_MAX = 64;

/** The HTTP edge, ready to listen or to `inject`. Closing it refuses new requests with SHUTTING_DOWN and lets running ones finish. */
export function createRest(core: Core, options: RestOptions): FastifyInstance {
  const origins = new Set(options.origins);
  const addresses = new KnownAddresses();
  let closing = false;

  const app = fastify({
    logger: false,
    bodyLimit: LIMITS.frameBytesMax,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    genReqId: () => Buffer.from(core.random.bytes(12)).toString('base64url'),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      setCommonHeaders(origins, request, reply);
      answerError(core, error, request, reply);
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else socket.end(UNREADABLE_REQUEST);
    },
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    readJsonBody(body, request.headers),
  );
  app.decorateRequest('admission', null);
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRoute', ({ url, method }) => addresses.note(url, [method].flat()));
  app.addHook('onRequest', async (request, reply) => {
    setCommonHeaders(origins, request, reply);
    if (!closing || request.url.startsWith('/health/')) return undefined;
    const detail =
      'The server is stopping and did nothing. Repeat the request with the same key on another connection.';
    return sendProblem(request, reply, refused('SHUTTING_DOWN', detail, { retryAfterMs: 1_000 }));
  });
  app.addHook('onSend', async (_, reply) => {
    // A connection that becomes idle while the server stops would keep it waiting for the keep-alive time.
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    core.log.debug('http_answered', {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
    });
  });
  app.setErrorHandler((error, request, reply) => answerError(core, error, request, reply));
  app.setNotFoundHandler(answerUnknownAddress);

  registerRoutes(app, { core, handlers: handlersOf(core, options), checkResponses: options.checkResponses });
  registerDocuments(app, options);
  registerHealth(app, {
    clock: core.clock,
    readiness: options.readiness,
    deadlineMs: READINESS_DEADLINE_MS,
    isClosing: () => closing,
  });
  addresses.refuseOtherMethods(app, origins);
  // Whatever else is served beside the API: below /api an unknown address is a problem, not a page.
  app.all('/api/*', { onRequest: async (request, reply) => answerUnknownAddress(request, reply) }, () => undefined);
  return app;
}

const answerUnknownAddress = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply, refused('NOT_FOUND', 'This server has no such address. Nothing was done. See /docs.'));

function handlersOf(core: Core, options: RestOptions): ApiHandlers & Partial<HandlersOf<PollRouteName>> {
  const handlers: ApiHandlers = {
    ...authHandlers(core),
    ...userHandlers(core),
    ...conversationHandlers(core),
    ...messageHandlers(core),
    ...keyHandlers(core),
    ...serverHandlers(core, options),
  };
  return options.poll === null ? handlers : { ...handlers, ...pollHandlers(options.poll) };
}

function answerError(core: Core, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { refused: refusal, report } = refusalOfError(error);
  if (report)
    core.log.error('http_failed', {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      error_code: refusal.code,
      error,
    });
  return sendProblem(request, reply, refusal);
}

/** Answer to bytes that are no HTTP: there is no request to which anything could be sent. */
const UNREADABLE_REQUEST = (() => {
  const body = JSON.stringify(problemOf(refused('BAD_FRAME', 'The request is not HTTP. Nothing was done.'), ''));
  return `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
})();
