import { API_PREFIX, ERRORS, type Problem, type Route, type RouteInput, type RouteOutput } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import { ApiError } from './api-error.ts';

/** A key only where the route has such a part, optional where the part may be empty. `unknown` is neutral in an intersection. */
type Part<K extends string, V> = [V] extends [undefined]
  ? unknown
  : Record<never, never> extends V
    ? { readonly [key in K]?: V }
    : { readonly [key in K]: V };

/** What a caller gives for a route: `params`, `query` and `body` as the route's schemas take them. */
export type CallInput<R extends Route> = Part<'params', RouteInput<R>['params']> &
  Part<'query', RouteInput<R>['query']> &
  Part<'body', RouteInput<R>['body']>;

export interface CallOptions {
  /** UUID; the same key gives the same answer (HTTP-2). */
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  /** Ends the call early with `unreachable`. */
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** One HTTP call: typed by its route, checked against the route's schema. Throws ApiError. */
export async function callRoute<const R extends Route>(
  environment: Pick<ClientEnvironment, 'fetch' | 'after'>,
  baseUrl: string,
  route: R,
  input: CallInput<R>,
  token: string | undefined,
  options: CallOptions = {},
): Promise<RouteOutput<R>> {
  // The cast holds: CallInput has no other keys than these three.
  const parts = input as Parts;
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  if (options.signal?.aborted) giveUp();
  options.signal?.addEventListener('abort', giveUp);
  const cancelDeadline = environment.after(options.timeoutMs ?? TIMEOUT_MS, giveUp);
  try {
    const response = await environment.fetch(urlOf(baseUrl, route, parts), {
      method: route.method,
      headers: headersOf(parts, token, options),
      signal: abort.signal,
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
    });
    const text = await response.text();
    if (response.status !== route.status) throw refusalOf(response.status, text);
    return readAnswer(route, text);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('unreachable', 'The server did not answer. Whether it did what was asked is not known.', {
      cause: error,
    });
  } finally {
    cancelDeadline();
    options.signal?.removeEventListener('abort', giveUp);
  }
}

function urlOf(baseUrl: string, route: Route, parts: Parts): string {
  const path = route.path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(parts.params?.[name])));
  const url = new URL(API_PREFIX + path, baseUrl);
  for (const [name, value] of Object.entries(parts.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

function headersOf(parts: Parts, token: string | undefined, options: CallOptions): Record<string, string> {
  return {
    accept: 'application/json',
    ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
  };
}

function readAnswer<R extends Route>(route: R, text: string): RouteOutput<R> {
  // The cast holds: a route without a response schema answers undefined.
  if (route.response === undefined) return undefined as RouteOutput<R>;
  const parsed = route.response.safeParse(jsonOf(text));
  if (!parsed.success)
    throw new ApiError('unreadable', 'The server answered with something that this client does not understand.', {
      cause: parsed.error,
    });
  // The cast holds: the value was parsed by the route's own schema.
  return parsed.data as RouteOutput<R>;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusalOf(status: number, text: string): ApiError {
  const body = jsonOf(text);
  if (isProblem(body)) return new ApiError('refused', body.detail, { problem: body });
  // A gateway in between answers 502 … 504 for a server that is away.
  if (status >= 502 && status <= 504)
    return new ApiError('unreachable', 'The server is not reachable behind its proxy. Try again later.');
  return new ApiError('unreadable', `The address answered with status ${status}, but not as this protocol does.`);
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  typeof body.code === 'string' &&
  Object.hasOwn(ERRORS, body.code) &&
  'detail' in body &&
  typeof body.detail === 'string';
