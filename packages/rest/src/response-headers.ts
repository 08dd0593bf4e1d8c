import type { FastifyReply, FastifyRequest } from 'fastify';

const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
const EXPOSED = 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';

/** Header fields of every answer: nothing is sniffed, framed or referred; origins on the list may read it (CORS without cookies). */
export function setCommonHeaders(origins: ReadonlySet<string>, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
  reply.header('content-security-policy', API_POLICY);
  if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000');
  if (origins.size > 0) reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !origins.has(origin)) return;
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', EXPOSED);
}

/** Answers OPTIONS: which methods an address has, and to a preflight of a listed origin what it may send. */
export function answerOptions(
  origins: ReadonlySet<string>,
  methods: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.header('allow', methods);
  if (origins.has(request.headers.origin ?? '')) {
    reply.header('access-control-allow-methods', methods);
    reply.header('access-control-allow-headers', 'Authorization, Content-Type, Idempotency-Key');
    reply.header('access-control-max-age', '600');
  }
  return reply.code(204).send();
}
