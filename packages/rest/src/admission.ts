import { type Actor, authenticateToken, type Core, done, type Outcome, refused } from '@parley/core';
import type { Route } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.ts';
import { takeRequest } from './request-quota.ts';

/** Who asks, decided before any byte of the body is read. */
export interface Admission {
  /** `null` only on routes for anybody. */
  readonly actor: Actor | null;
  readonly address: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handler of a route of the table runs. */
    admission: Admission | null;
  }
}

/** Counts the request and checks the bearer token. Failed tokens count against the address, so that guessing them is limited too. */
export async function admit(
  core: Core,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Outcome<Admission>> {
  const address = clientAddress(request.ip);
  const actor = route.auth === 'none' ? done(null) : await authenticate(core, request.headers.authorization);
  const quota = await takeRequest(
    core,
    actor.kind === 'done' && actor.value !== null ? `user:${actor.value.userId}` : `address:${address}`,
    reply,
  );
  if (quota.kind === 'refused') return quota;
  return actor.kind === 'refused' ? actor : done({ actor: actor.value, address });
}

const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

async function authenticate(core: Core, authorization: string | undefined): Promise<Outcome<Actor>> {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined)
    return refused(
      'NOT_AUTHENTICATED',
      'Send an access token in the header "Authorization: Bearer …". Nothing was done.',
    );
  const outcome = await authenticateToken(core, token);
  if (outcome.kind === 'refused') return outcome;
  const { userId, deviceId } = outcome.value;
  return done({ userId, deviceId, connectionId: null });
}
