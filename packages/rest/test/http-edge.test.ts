import { StoreError } from '@parley/core';
import { API_PREFIX, ERRORS, type ErrorCode } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { openRest } from './open-rest.ts';

const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const aNumber: unknown = expect.any(Number);
const aTypeError: unknown = expect.any(TypeError);

const problem = (code: ErrorCode, status: number = ERRORS[code].status) => ({
  status,
  body: {
    type: `/errors#${code}`,
    title: ERRORS[code].title,
    status,
    code,
    detail: textLike(/.{10,}/),
    request_id: textLike(/^[\w-]{16}$/),
  },
});

describe('[ERR-1] what the server does not have', () => {
  test.each([
    '/',
    '/api/nothing',
    '/api/v1/nothing',
    '/api/v1',
    '/api/v2/me',
    '/favicon.ico',
    '/docs/',
    '/__proto__',
    '/api/v1/me/',
    `/api/v1/users/${'x'.repeat(500)}`,
  ])('%s is NOT_FOUND', async (url) => {
    const { inject } = await openRest();
    expect(await inject({ method: 'GET', url })).toMatchObject(problem('NOT_FOUND'));
  });

  test.each(['/%', '/api/v1/users/%E0%A4%A'])('%.40s cannot be read', async (url) => {
    const { inject } = await openRest();
    const answer = await inject({ method: 'GET', url });
    expect(answer).toMatchObject(problem('INVALID_REQUEST'));
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  test('an address of the API stays NOT_FOUND when another part of the program serves the rest of the site', async () => {
    const { app, inject } = await openRest();
    app.get('/*', () => 'the web app');
    for (const method of ['GET', 'POST', 'OPTIONS'] as const)
      expect(await inject({ method, url: '/api/v1/nothing', payload: '{' })).toMatchObject(problem('NOT_FOUND'));
    expect((await inject({ method: 'GET', url: '/nothing' })).text).toBe('the web app');
  });

  test.each([
    ['POST', '/api/v1/me', 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ['GET', '/api/v1/auth/login', 'OPTIONS, POST'],
    ['HEAD', '/api/v1/me/export', 'GET, OPTIONS'],
    ['HEAD', '/api/v1/events?cursor=x', 'DELETE, GET, OPTIONS, POST'],
    ['DELETE', '/docs', 'GET, HEAD, OPTIONS'],
  ] as const)('%s %s is 405 and names %s, whatever the body is', async (method, url, allowed) => {
    const { inject } = await openRest();
    const answer = await inject({ method, url, payload: '<xml/>', headers: { 'content-type': 'text/xml' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allowed);
    if (method !== 'HEAD') expect(answer).toMatchObject(problem('UNKNOWN_COMMAND', 405));
  });
});

describe('header fields', () => {
  test('[HTTP-1] every answer forbids sniffing, framing and referring, and names its request', async () => {
    const { inject } = await openRest();
    for (const url of ['/api/v1/server', '/api/v1/me', '/nothing', '/docs', '/openapi.json', '/health/live']) {
      const { headers } = await inject({ method: 'GET', url });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': textLike(/^default-src 'none';.*frame-ancestors 'none'/),
        'x-request-id': textLike(/./),
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  test('[HTTP-1] answers to somebody are not kept by anybody', async () => {
    const { call, join } = await openRest();
    const { token } = await join('ada');
    expect((await call('getMe', {}, { token })).headers['cache-control']).toBe('private, no-store');
    expect((await call('getMe')).headers['cache-control']).toBe('no-store');
  });

  test('HEAD gives the header fields of GET without the body', async () => {
    const { inject } = await openRest();
    const answer = await inject({ method: 'HEAD', url: '/api/v1/server' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

describe('browsers of other origins', () => {
  const preflight = (origin: string) => ({
    method: 'OPTIONS' as const,
    url: '/api/v1/me',
    headers: { origin, 'access-control-request-method': 'PATCH' },
  });

  test('a listed origin may call and read', async () => {
    const { inject } = await openRest();
    const answer = await inject(preflight('https://app.example'));
    expect(answer).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-methods': textLike(/PATCH/),
        'access-control-allow-headers': textLike(/Authorization/),
        vary: 'Origin',
      },
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    const refusal = await inject({ method: 'GET', url: '/api/v1/me', headers: { origin: 'https://app.example' } });
    expect(refusal).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': 'https://app.example' } });
  });

  test.each(['https://evil.example', 'null', 'https://app.example.evil.example', 'http://app.example'])(
    '%s gets no leave',
    async (origin) => {
      const { inject } = await openRest();
      const answer = await inject(preflight(origin));
      expect(answer).toMatchObject({ status: 204, headers: { allow: textLike(/PATCH/) } });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );
});

describe('[AUTH-5] the client address', () => {
  const limited = { settings: { requestsPerMinute: 1 } } as const;
  const server = { method: 'GET', url: '/api/v1/server' } as const;

  test("is the socket's: nobody is believed without being on the list", async () => {
    const { inject } = await openRest(limited);
    const from = (address: string) =>
      inject({ ...server, headers: { 'x-forwarded-for': address, 'x-real-ip': address } });
    expect((await from('192.0.2.10')).status).toBe(200);
    expect((await from('192.0.2.11')).status).toBe(429);
  });

  test('is the one that a listed proxy names', async () => {
    const { inject } = await openRest({ ...limited, rest: { trustedProxies: ['192.0.2.99'] } });
    const from = (address: string, proxy: string) =>
      inject({
        ...server,
        remoteAddress: proxy,
        headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'https' },
      });
    expect((await from('192.0.2.10', '192.0.2.99')).status).toBe(200);
    const other = await from('192.0.2.11', '192.0.2.99');
    expect(other.status).toBe(200);
    expect(other.headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await from('192.0.2.10', '192.0.2.99')).status).toBe(429);
    expect((await from('192.0.2.12', '198.51.100.1')).status).toBe(200);
    expect((await from('192.0.2.13', '198.51.100.1')).status).toBe(429);
  });

  test('counts a whole IPv6 network as one', async () => {
    const { inject } = await openRest(limited);
    expect((await inject({ ...server, remoteAddress: '2001:db8:1:2::1' })).status).toBe(200);
    expect((await inject({ ...server, remoteAddress: '2001:db8:1:2:ffff::2' })).status).toBe(429);
    expect((await inject({ ...server, remoteAddress: '2001:db8:1:3::1' })).status).toBe(200);
  });
});

describe('[ERR-4] rate limits', () => {
  test('say what is left, then when to come back, and end with the window', async () => {
    const { call, join, clock } = await openRest({ settings: { requestsPerMinute: 3 } });
    const { token } = await join('ada');
    const first = await call('getMe', {}, { token });
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"requests";q=3;w=60' });
    expect(first.headers.ratelimit).toMatch(/^"requests";r=2;t=\d+$/);
    expect(first.headers).not.toHaveProperty('retry-after');
    await call('getMe', {}, { token });
    await call('getMe', {}, { token });
    const refused = await call('getMe', {}, { token });
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retry_after_ms: aNumber } });
    expect(refused.headers.ratelimit).toMatch(/^"requests";r=0;/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(120);
    await clock.advance(120_000);
    expect((await call('getMe', {}, { token })).status).toBe(200);
  });

  test("one user's requests do not use up another's", async () => {
    const { call, join } = await openRest({ settings: { requestsPerMinute: 2 } });
    const ada = await join('ada');
    const bob = await join('bob');
    for (let turn = 0; turn < 3; turn += 1) await call('getMe', {}, { token: ada.token });
    expect((await call('getMe', {}, { token: ada.token })).status).toBe(429);
    expect((await call('getMe', {}, { token: bob.token })).status).toBe(200);
  });

  test('guessing tokens is limited by address', async () => {
    const { call } = await openRest({ settings: { requestsPerMinute: 2 } });
    const guess = () => call('getMe', {}, { token: 'a.b.c', from: '192.0.2.50' });
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
  });

  test('are off at 0, without header fields', async () => {
    const { call } = await openRest();
    expect((await call('getServer')).headers).not.toHaveProperty('ratelimit');
  });
});

describe('[ERR-2] [ERR-5] failures', () => {
  const withStore = (error: Error) => ({
    core: { tokenSigner: { sign: () => Promise.reject(error), verify: () => Promise.reject(error) } },
  });

  test.each([
    ['no', 'It was not stored; try again with the same key.'],
    ['unknown', 'It may have been stored: repeat with the same key.'],
  ] as const)('a store that fails (applied: %s) says so and nothing else', async (applied, detail) => {
    const { call, log } = await openRest(
      withStore(new StoreError('disk /dev/secret is full', { applied, retryable: true })),
    );
    const answer = await call('getMe', {}, { token: 'a.b.c' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE', detail } });
    expect(answer.text).not.toContain('secret');
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('a bug is INTERNAL for the caller and a log line with the request id for the operator', async () => {
    const { call, log } = await openRest(withStore(new TypeError('secret is not a function')));
    const answer = await call('getMe', {}, { token: 'a.b.c' });
    expect(answer).toMatchObject(problem('INTERNAL'));
    expect(answer.text).not.toContain('secret');
    const line = log.lines.find(({ level }) => level === 'error');
    expect(line).toMatchObject({
      event: 'http_failed',
      fields: { route: `${API_PREFIX}/me`, error: aTypeError },
    });
    expect(answer.text).toContain(String(line?.fields.request_id));
  });
});

describe('health', () => {
  test('live as long as it answers; ready when every component is', async () => {
    const { inject } = await openRest();
    expect(await inject({ method: 'GET', url: '/health/live' })).toMatchObject({
      status: 200,
      body: { status: 'live' },
    });
    expect(await inject({ method: 'GET', url: '/health/ready' })).toMatchObject({
      status: 200,
      body: {
        status: 'ready',
        components: [
          { name: 'http', ready: true },
          { name: 'store', ready: true },
        ],
      },
    });
  });

  test.each([
    ['says no', async () => [{ name: 'store', ready: false }], 'store'],
    ['throws', () => Promise.reject(new Error('secret')), 'components'],
  ])('503 names the component when one %s', async (_, readiness, name) => {
    const { inject } = await openRest({ rest: { readiness } });
    const answer = await inject({ method: 'GET', url: '/health/ready' });
    expect(answer).toMatchObject({ status: 503, body: { status: 'not_ready' } });
    expect(answer.body).toHaveProperty('components', expect.arrayContaining([{ name, ready: false }]));
  });

  test('a component that never answers does not hold the balancer up', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const readiness = (signal: AbortSignal) => {
      asked.resolve(signal);
      return new Promise<never>(() => undefined);
    };
    const { inject, clock } = await openRest({ rest: { readiness } });
    const answer = inject({ method: 'GET', url: '/health/ready' });
    const signal = await asked.promise;
    await clock.advance(2_000);
    expect(await answer).toMatchObject({ status: 503 });
    expect(signal.aborted).toBe(true);
  });
});

test.each([
  ['/openapi.json', 'application/json; charset=utf-8', '"openapi": "3.1.1"'],
  ['/asyncapi.json', 'application/json; charset=utf-8', '"asyncapi"'],
  ['/parley.proto', 'text/plain; charset=utf-8', 'syntax = "proto3"'],
  ['/docs', 'text/html; charset=utf-8', '<!doctype html>'],
  ['/errors', 'text/html; charset=utf-8', 'id="NOT_FOUND"'],
])('the document %s is served as %s', async (url, mediaType, piece) => {
  const { inject } = await openRest();
  const answer = await inject({ method: 'GET', url });
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': mediaType } });
  expect(answer.text).toContain(piece);
});

test('the long-poll routes are not there when no gateway serves them', async () => {
  const { inject } = await openRest({ rest: { poll: null } });
  expect(await inject({ method: 'POST', url: '/api/v1/events' })).toMatchObject(problem('NOT_FOUND'));
});
