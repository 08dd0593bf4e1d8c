import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { ROUTES, type Route, type RouteName } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { addressOf, ISSUER, openRest } from './open-rest.ts';
import { SAMPLE_PARAMS } from './samples.ts';

const encode = (value: object | Buffer): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url');

/** A server with Ada logged in, and the means to make tokens like its own. */
async function openForgery() {
  const rest = await openRest();
  const ada = await rest.join('ada');
  const now = Math.floor(rest.clock.now() / 1_000);
  const claims = {
    iss: ISSUER,
    aud: ISSUER,
    sub: ada.userId,
    device_id: ada.deviceId,
    iat: now,
    exp: now + 600,
    jti: '0a4c1f0e-6c1d-4b53-9a50-2f1f4f9b1a11',
  };
  const key = createPrivateKey({ key: { ...rest.signingKey }, format: 'jwk' });
  const signed = (header: object, payload: object): string => {
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${encode(sign(null, Buffer.from(text), key))}`;
  };
  const header = { alg: 'EdDSA', typ: 'at+jwt' };
  return { ...rest, ada, claims, header, signed };
}

describe('[AUTH-4] a token that is not ours', () => {
  test('is told from a forged one only by what is wrong with it', async () => {
    const { call, signed, header, claims } = await openForgery();
    expect((await call('getMe', {}, { token: signed(header, claims) })).status).toBe(200);
  });

  test.each<readonly [string, (forgery: Awaited<ReturnType<typeof openForgery>>) => string]>([
    ['algorithm none', ({ claims }) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims)}.`],
    [
      'algorithm none with the old signature',
      ({ ada, claims }) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims)}.${ada.token.split('.')[2]}`,
    ],
    [
      'HS256 keyed with the public key',
      ({ claims, signingKey }) => {
        const text = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode(claims)}`;
        return `${text}.${createHmac('sha256', Buffer.from(signingKey.x, 'base64url')).update(text).digest('base64url')}`;
      },
    ],
    ['another type', ({ signed, claims }) => signed({ alg: 'EdDSA', typ: 'JWT' }, claims)],
    ['another audience', ({ signed, header, claims }) => signed(header, { ...claims, aud: 'https://other.example' })],
    ['another issuer', ({ signed, header, claims }) => signed(header, { ...claims, iss: 'https://other.example' })],
    [
      'a changed subject',
      ({ ada, claims }) => ada.token.replace(/\.[^.]+\./, `.${encode({ ...claims, sub: 'usr_0000000000001' })}.`),
    ],
    [
      'a key that the token brings along',
      ({ signed, claims, signingKey }) =>
        signed(
          { alg: 'EdDSA', typ: 'at+jwt', jwk: { kty: 'OKP', crv: 'Ed25519', x: signingKey.x }, kid: '../../key' },
          { ...claims, iss: 'me' },
        ),
    ],
    ['no expiry', ({ signed, header, claims: { exp: _, ...claims } }) => signed(header, claims)],
    ['a refresh token', ({ ada }) => ada.session.refresh_token],
    ['no token', () => 'undefined'],
  ])('%s is TOKEN_INVALID', async (_, forge) => {
    const forgery = await openForgery();
    const answer = await forgery.call('getMe', {}, { token: forge(forgery) });
    expect(answer).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="parley", error="invalid_token"');
  });

  test('a ticket is TOKEN_INVALID as an access token', async () => {
    const { call, ada } = await openForgery();
    const { body } = await call('createTicket', {}, { token: ada.token });
    expect(body.ticket.length).toBeGreaterThan(20);
    expect(await call('getMe', {}, { token: body.ticket })).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    });
  });

  test('an access token is TOKEN_INVALID as a refresh token', async () => {
    const { call, ada } = await openForgery();
    const answer = await call('refresh', { body: { refresh_token: ada.token.slice(0, 200) } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } });
  });

  test.each(['', 'Basic YWRhOmFkYQ==', 'Bearer', 'Bearer ', 'Bearer a b', 'bearer\ta', 'Token abc', 'Bearer "abc"'])(
    'the header "%s" is NOT_AUTHENTICATED',
    async (authorization) => {
      const { inject } = await openRest();
      const answer = await inject({ method: 'GET', url: '/api/v1/me', headers: { authorization } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'NOT_AUTHENTICATED' } });
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="parley"');
    },
  );

  test('a token in the address or a cookie is no token', async () => {
    const { inject, ada } = await openForgery();
    const answer = await inject({
      method: 'GET',
      url: `/api/v1/me?access_token=${ada.token}`,
      headers: { cookie: `access_token=${ada.token}` },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'NOT_AUTHENTICATED' } });
  });
});

describe('every route that is not for anybody asks for a token', () => {
  // The cast holds: these are the keys of ROUTES, and Object.entries loses their type.
  const guarded = (Object.entries<Route>(ROUTES) as [RouteName, Route][]).filter(([, route]) => route.auth !== 'none');
  test.each(guarded)('%s is NOT_AUTHENTICATED without one', async (_, route) => {
    const { inject } = await openRest();
    const answer = await inject({ method: route.method, url: addressOf(route, SAMPLE_PARAMS) });
    expect(answer).toMatchObject({ status: 401, body: { code: 'NOT_AUTHENTICATED' } });
  });
});

describe('[AUTH-2] [AUTH-7] the life of a token', () => {
  test('an access token expires after 10 minutes', async () => {
    const { call, ada, clock } = await openForgery();
    await clock.advance(599_000);
    expect((await call('getMe', {}, { token: ada.token })).status).toBe(200);
    await clock.advance(2_000);
    expect(await call('getMe', {}, { token: ada.token })).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_EXPIRED' },
    });
  });

  test('logging out ends it at once, although it has not expired', async () => {
    const { call, ada } = await openForgery();
    expect((await call('logout', {}, { token: ada.token })).status).toBe(204);
    expect(await call('getMe', {}, { token: ada.token })).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    });
  });

  test("revoking a device ends its tokens, and no other's", async () => {
    const { call, ada } = await openForgery();
    const login = { identifier: 'ada', password: 'ada-password', device_name: 'other' };
    const { body: other } = await call('login', { body: login });
    const revoked = await call('revokeDevice', { params: { device_id: other.device_id } }, { token: ada.token });
    expect(revoked.status).toBe(204);
    expect(await call('getMe', {}, { token: other.access_token })).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    });
    expect((await call('refresh', { body: { refresh_token: other.refresh_token } })).status).toBe(401);
    expect((await call('getMe', {}, { token: ada.token })).status).toBe(200);
  });

  test("somebody else's device cannot be revoked, and the answer is that of a device that does not exist", async () => {
    const { call, join, ada } = await openForgery();
    const eve = await join('eve');
    const foreign = await call('revokeDevice', { params: { device_id: ada.deviceId } }, { token: eve.token });
    const unknown = await call(
      'revokeDevice',
      { params: { device_id: SAMPLE_PARAMS.device_id } },
      { token: eve.token },
    );
    expect(foreign).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const withoutId = (text: string) => text.replace(/"request_id":"[^"]+"/, '');
    expect(withoutId(foreign.text)).toBe(withoutId(unknown.text));
    expect((await call('getMe', {}, { token: ada.token })).status).toBe(200);
  });
});

describe('[AUTH-3] refresh tokens', () => {
  const refreshed = (rest: Awaited<ReturnType<typeof openForgery>>, refresh_token: string) =>
    rest.call('refresh', { body: { refresh_token } });

  test('work once and give new tokens of the same device', async () => {
    const rest = await openForgery();
    const { status, body } = await refreshed(rest, rest.ada.session.refresh_token);
    expect(status).toBe(200);
    expect(body.device_id).toBe(rest.ada.deviceId);
    expect(body.refresh_token).not.toBe(rest.ada.session.refresh_token);
    expect((await rest.call('getMe', {}, { token: body.access_token })).status).toBe(200);
  });

  test('the one just exchanged still works while its successor was not, because its answer may have been lost', async () => {
    const rest = await openForgery();
    await refreshed(rest, rest.ada.session.refresh_token);
    await rest.clock.advance(86_400_000);
    expect((await refreshed(rest, rest.ada.session.refresh_token)).status).toBe(200);
  });

  test('an older one logs the device out: whoever has it may be a thief', async () => {
    const rest = await openForgery();
    const { body: second } = await refreshed(rest, rest.ada.session.refresh_token);
    const { body: third } = await refreshed(rest, second.refresh_token);
    expect(await refreshed(rest, rest.ada.session.refresh_token)).toMatchObject({
      status: 401,
      body: { code: 'REFRESH_REUSED' },
    });
    expect((await refreshed(rest, third.refresh_token)).status).toBe(401);
    expect(await rest.call('getMe', {}, { token: third.access_token })).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    });
  });
});
