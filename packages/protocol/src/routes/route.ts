import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

/**
 * One HTTP address as data: what fastify serves, OpenAPI describes, the SDK calls and the authorisation matrix lists.
 * Paths are below `/api/v1`. Query values arrive as text, so query schemas coerce.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** Who may call: anybody, a logged-in user, an administrator of the server. */
  readonly auth: 'none' | 'user' | 'admin';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  /** Absent: no body. */
  readonly response?: z.ZodType;
  /** Media type of the response where it is not JSON. */
  readonly produces?: string;
  readonly errors: readonly ErrorCode[];
  /** Accepts the header `Idempotency-Key` (a UUID). */
  readonly idempotent?: true;
}

/** Keeps the literal types of a route for `RouteInput` and `RouteOutput`. */
export const route = <const R extends Route>(definition: R): R => definition;

type InputOf<S> = S extends z.ZodType ? z.input<S> : undefined;
type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a caller gives (SDK). */
export interface RouteInput<R extends Route> {
  params: InputOf<R['params']>;
  query: InputOf<R['query']>;
  body: InputOf<R['body']>;
}
/** What a handler gets, parsed and coerced (server). */
export interface RouteRequest<R extends Route> {
  params: OutputOf<R['params']>;
  query: OutputOf<R['query']>;
  body: OutputOf<R['body']>;
}
/** What a call answers. */
export type RouteOutput<R extends Route> = OutputOf<R['response']>;
