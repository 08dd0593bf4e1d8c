import { API_PREFIX, LIMITS, ROUTES, type Route, type RouteName } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { addressOf, type OpenedRest, openRest } from './open-rest.ts';
import { SAMPLE_BODIES, SAMPLE_PARAMS } from './samples.ts';

const rest = await openRest();
const ada = await rest.join('ada');

// The cast holds: these are the keys of ROUTES, and Object.entries loses their type.
const routes = Object.entries<Route>(ROUTES) as [RouteName, Route][];
const samples = new Map<string, unknown>(Object.entries(SAMPLE_BODIES));
const withBody = routes.filter(([, route]) => route.body !== undefined);

type Raw = string | Buffer;
/** Sends bytes to a route as Ada, with parameters and a query that are well-formed. */
function send(server: OpenedRest, route: Route, payload: Raw, headers: Readonly<Record<string, string>> = {}) {
  const query = route.query?.shape.cursor === undefined || route.method === 'GET' ? {} : { cursor: 'x' };
  return server.inject({
    method: route.method,
    url: addressOf(route, SAMPLE_PARAMS, query),
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json', ...headers },
    payload,
  });
}

interface Place {
  readonly path: readonly string[];
  readonly value: unknown;
}
/** Every text, number and truth value of a body, with its path. */
function scalarsOf(value: unknown, path: readonly string[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => scalarsOf(inner, [...path, key]));
}

/** The body as JSON with other JSON at one place: as text, because an object literal cannot hold an own `__proto__`. */
function textWith(body: unknown, path: readonly string[], json: string): string {
  const [key, ...rest] = path;
  if (key === undefined) return json;
  const entries = Object.entries(body ?? {}).map(([name, inner]): [string, string] => [
    name,
    name === key ? textWith(inner, rest, json) : JSON.stringify(inner),
  ]);
  return Array.isArray(body)
    ? `[${entries.map(([, inner]) => inner).join()}]`
    : `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${inner}`).join()}}`;
}

const WRONG_TYPES = [
  '{}',
  '[]',
  '[[]]',
  '{"__proto__":{"length":1}}',
  '{"toString":null}',
  '{"constructor":{"prototype":{}}}',
];
const WRONG_SCALARS: Readonly<Record<string, readonly string[]>> = {
  string: ['1', 'true', '""'],
  number: ['"1"', 'true', '-1', '1.5', '1e400', '9007199254740993'],
  boolean: ['"true"', '1', '0'],
};
/** Texts that may be empty: a password to compare, clearing a status or a description, and payloads that only devices understand. */
const MAY_BE_EMPTY = /^deleteMe\.password$|status|description|payload|avatar_url$|key$|signature|identity_key|type$/;

describe('[FRAME-4] a body with one field of the wrong kind is refused and the field is named', () => {
  test.each(withBody)('%s refuses one field of the wrong kind and names a field', async (name, route) => {
    const sample = samples.get(name);
    for (const { path, value } of scalarsOf(sample)) {
      // Frames are free-form here: the gateway checks them (POLL-4).
      if (name === 'sendFrames' && path.at(-1) !== 'type') continue;
      const scalars = (WRONG_SCALARS[typeof value] ?? []).filter(
        (json) => json !== '""' || !MAY_BE_EMPTY.test([name, ...path].join('.')),
      );
      for (const json of [...WRONG_TYPES, ...scalars]) {
        const answer = await send(rest, route, textWith(sample, path, json));
        const place = `${name}: ${path.join('.')} = ${json} gave ${answer.text}`;
        expect(answer, place).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
        expect(answer.body, place).toHaveProperty('errors.0.field');
      }
    }
  });
});

describe('[FRAME-5] the sample itself passes the schema, also with fields that nobody knows', () => {
  test.each(withBody)('%s takes its sample, also with fields that nobody knows', (name, route) => {
    const sample = samples.get(name);
    const known = route.body?.safeParse(sample);
    expect(known?.success).toBe(true);
    const more = route.body?.safeParse({ ...Object(sample), later: { a: 1 }, constructor: 1, toString: null });
    expect(more?.data).toEqual(known?.data);
  });
});

const UNREADABLE: readonly (readonly [string, Raw])[] = [
  ['cut off', '{"a":'],
  ['no JSON', 'name=ada'],
  ['single quotes', "{'a':1}"],
  ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
  ['too deep', `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`],
  ['very deep', '['.repeat(60_000)],
];

describe('[FRAME-3] a body that cannot be read is BAD_FRAME', () => {
  test.each(withBody)('%s answers BAD_FRAME to what is not JSON in UTF-8', async (_, route) => {
    for (const [kind, payload] of UNREADABLE) {
      const answer = await send(rest, route, payload);
      expect(answer, kind).toMatchObject({ status: 400, body: { code: 'BAD_FRAME' } });
    }
  });
});

describe('a body of another kind or size', () => {
  test.each(withBody)(
    '%s refuses another media type, a compressed body and one that is too large',
    async (name, route) => {
      const sample = JSON.stringify(samples.get(name));
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-16',
        'x',
        '',
      ])
        expect((await send(rest, route, sample, { 'content-type': type })).body, type).toMatchObject({
          code: 'UNSUPPORTED_MEDIA_TYPE',
        });
      const compressed = await send(rest, route, sample, { 'content-encoding': 'gzip' });
      expect(compressed).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
      const large = await send(rest, route, `"${'x'.repeat(LIMITS.frameBytesMax)}"`);
      expect(large).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
      for (const json of ['', 'null', '[]', '"text"', '1', 'true'])
        expect((await send(rest, route, json)).body, json).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );
});

const HOSTILE_PARAMS = [
  'x',
  '__proto__',
  'constructor',
  '[object Object]',
  '../../me',
  '%00',
  '👻',
  '-1',
  '0',
  'null',
  "' OR 1=1 --",
  'usr_',
  'grp_0',
  'dir_0000000000001_0000000000001',
];

describe('an address whose parameters name nothing', () => {
  test.each(routes.filter(([, route]) => route.params !== undefined))(
    '%s refuses parameters that are no ids',
    async (name, route) => {
      for (const param of Object.keys(route.params?.shape ?? {}))
        for (const value of HOSTILE_PARAMS) {
          const url = addressOf(route, { ...SAMPLE_PARAMS, [param]: value });
          const body = samples.get(name);
          const answer = await rest.inject({
            method: route.method,
            url,
            headers: { authorization: `Bearer ${ada.token}` },
            ...(body === undefined
              ? {}
              : {
                  payload: JSON.stringify(body),
                  headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
                }),
          });
          expect(answer, `${url} gave ${answer.text}`).toMatchObject({
            status: 400,
            body: { code: 'INVALID_REQUEST' },
          });
        }
    },
  );
});

const withLimit = routes.filter(([, route]) => route.query?.shape.limit !== undefined);

describe('[HIST-3] limits', () => {
  const get = (route: Route, search: string) =>
    rest.inject({
      method: route.method,
      url: `${addressOf(route, SAMPLE_PARAMS)}?after_seq=0&query=a&${search}`,
      headers: { authorization: `Bearer ${ada.token}` },
    });

  test.each(withLimit)('%s refuses one above the maximum as LIMIT_TOO_HIGH', async (_, route) => {
    for (const limit of ['101', '1000000', '1000000000'])
      expect(await get(route, `limit=${limit}`), limit).toMatchObject({
        status: 400,
        body: { code: 'LIMIT_TOO_HIGH' },
      });
  });

  test.each(withLimit)('%s refuses one that is no limit', async (_, route) => {
    for (const search of [
      'limit=0',
      'limit=-1',
      'limit=1.5',
      'limit=x',
      'limit=',
      'limit=NaN',
      'limit=5&limit=6',
      'limit=5&limit=5',
      'limit=__proto__',
    ])
      expect((await get(route, search)).body, search).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('[FRAME-5] parameters that nobody knows are ignored, also repeated ones', async () => {
    expect((await get(ROUTES.listConversations, 'later=1&later=2&__proto__=3')).status).toBe(200);
  });

  test('a limit that is too high hides no other problem', async () => {
    const { body } = await get(ROUTES.listConversations, 'limit=101&archived=perhaps');
    expect(body).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

test('no prototype was touched by any of it', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});

test('[HTTP-2] a key that is no UUID, or another than in the body, is refused', async () => {
  const body = JSON.stringify(SAMPLE_BODIES.sendMessage);
  for (const key of [
    'x',
    '0a4c1f0e-6c1d-4b53-9a50-2f1f4f9b1a12',
    SAMPLE_BODIES.sendMessage.client_msg_id.toUpperCase(),
  ])
    expect(await send(rest, ROUTES.sendMessage, body, { 'idempotency-key': key })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', errors: [{ field: 'Idempotency-Key' }] },
    });
});

test('the body of somebody without a token is not even looked at', async () => {
  for (const payload of ['{', 'x'.repeat(70_000)]) {
    const answer = await rest.inject({
      method: 'PATCH',
      url: `${API_PREFIX}/me`,
      headers: { 'content-type': 'application/json' },
      payload,
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'NOT_AUTHENTICATED' } });
  }
});
