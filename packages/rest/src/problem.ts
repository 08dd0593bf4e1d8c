import type { Refused } from '@parley/core';
import { ERRORS, type Problem } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';

const FIELDS_MAX = 20;

/** RFC 9457 problem of a refusal (ERR-1). `type` is an address of this server that explains the code. */
export function problemOf(refused: Refused, requestId: string, status: number = ERRORS[refused.code].status): Problem {
  return {
    type: `/errors#${refused.code}`,
    title: ERRORS[refused.code].title,
    status,
    code: refused.code,
    detail: refused.detail,
    request_id: requestId,
    ...(refused.retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(refused.retryAfterMs) }),
    ...(refused.fields === undefined
      ? {}
      : { errors: refused.fields.slice(0, FIELDS_MAX).map((field) => ({ ...field })) }),
  };
}

/** Answers with a problem. `status` differs from the table only for 405, which is no refusal of the protocol. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Refused,
  status?: number,
): FastifyReply {
  const problem = problemOf(refused, request.id, status);
  // RFC 9110 section 15.5.2: every 401 names the scheme that would help.
  if (problem.status === 401) reply.header('www-authenticate', challengeOf(refused));
  if (refused.retryAfterMs !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(refused.retryAfterMs / 1_000)));
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

const challengeOf = ({ code }: Refused): string =>
  code === 'TOKEN_INVALID' || code === 'TOKEN_EXPIRED'
    ? 'Bearer realm="parley", error="invalid_token"'
    : 'Bearer realm="parley"';
