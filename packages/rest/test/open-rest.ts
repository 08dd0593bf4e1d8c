import { Argon2PasswordHasher } from '@parley/argon2';
import { type Core, createIds, defaultSettings, type Settings } from '@parley/core';
import { generateSigningKey, JoseTokenSigner } from '@parley/jose';
import {
  MemoryBroker,
  MemoryOneTimeSecrets,
  MemoryPresenceStore,
  MemoryRateLimiter,
  openMemoryStores,
} from '@parley/memory';
import { API_PREFIX, ROUTES, type Route, type RouteInput, type RouteName, type RouteOutput } from '@parley/protocol';
import { collectLog, FakeClock, nodeDigest, SeededRandom } from '@parley/testkit';
import type { InjectOptions } from 'fastify';
import { createRest, type RestOptions } from '../src/create-rest.ts';
import { EchoPollSessions } from './echo-poll-sessions.ts';

export const ISSUER = 'https://chat.example';
const signingKey = await generateSigningKey();

type Input<N extends RouteName> = Partial<RouteInput<(typeof ROUTES)[N]>>;
export interface CallOptions {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
}
export interface Reply<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  readonly body: T;
}

/** A server over the memory adapter, with a clock that stands still and every answer checked against its schema. */
export async function openRest(
  change: {
    readonly settings?: Partial<Settings>;
    readonly rest?: Partial<RestOptions>;
    readonly core?: Partial<Core>;
  } = {},
) {
  const clock = new FakeClock();
  const log = collectLog();
  const codes: { phone: string; code: string }[] = [];
  const random = new SeededRandom(7);
  const core: Core = {
    ...openMemoryStores(),
    broker: new MemoryBroker(),
    presenceStore: new MemoryPresenceStore({ timeToLiveMs: defaultSettings.presenceTtlMs }),
    oneTimeSecrets: new MemoryOneTimeSecrets(),
    rateLimiter: new MemoryRateLimiter(),
    passwordHasher: new Argon2PasswordHasher({ memoryKib: 8, passes: 1 }),
    tokenSigner: await JoseTokenSigner.open({ key: signingKey, issuer: ISSUER, audience: ISSUER, clock }),
    codeSender: { send: async (phone, code) => void codes.push({ phone, code }) },
    clock,
    random,
    digest: nodeDigest,
    log,
    settings: { ...defaultSettings, requestsPerMinute: 0, ...change.settings },
    ids: createIds({ clock, random, nodeNumber: 1 }),
    startedAt: clock.now(),
    ...change.core,
  };
  const app = createRest(core, {
    version: '1.2.3',
    features: ['long_poll'],
    origins: ['https://app.example'],
    trustedProxies: [],
    poll: new EchoPollSessions(),
    readiness: async () => [{ name: 'store', ready: true }],
    checkResponses: true,
    ...change.rest,
  });

  async function inject(options: InjectOptions): Promise<Reply> {
    const answer = await app.inject(options);
    const isJson = String(answer.headers['content-type']).includes('json;');
    const body: unknown = isJson && answer.payload !== '' ? answer.json() : undefined;
    return { status: answer.statusCode, headers: answer.headers, text: answer.payload, body };
  }

  /** Calls a route of the table as the SDK would. */
  async function call<N extends RouteName>(
    name: N,
    input: Input<N> = {},
    { token, headers = {}, from = '192.0.2.1' }: CallOptions = {},
  ): Promise<Reply<RouteOutput<(typeof ROUTES)[N]>>> {
    const route: Route = ROUTES[name];
    const answer = await inject({
      method: route.method,
      url: addressOf(route, input.params, input.query),
      remoteAddress: from,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(input.body === undefined ? {} : { payload: JSON.stringify(input.body) }),
    });
    // The cast holds for successes, because the server checks its answers against the schema here.
    return answer as Reply<RouteOutput<(typeof ROUTES)[N]>>;
  }

  /** Registers somebody; throws when that fails, so that a test cannot go on without. */
  async function join(username: string) {
    const body = { name: username, username, password: `${username}-password`, device_name: 'test device' };
    const answer = await call('register', { body });
    if (answer.status !== 201) throw new Error(`${username} could not register: ${answer.text}`);
    const session = answer.body;
    return { session, token: session.access_token, userId: session.me.user_id, deviceId: session.device_id };
  }

  return { app, core, clock, log, codes, random, signingKey, inject, call, join };
}
export type OpenedRest = Awaited<ReturnType<typeof openRest>>;

/** The address of a route with these values; what is missing stays empty. */
export function addressOf(route: Route, params?: unknown, query?: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  const path = route.path.replaceAll(/:([a-z_]+)/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name) ?? '')),
  );
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${API_PREFIX}${path}${search === '' ? '' : `?${search}`}`;
}
