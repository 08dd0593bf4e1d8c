import { makeDeviceId, makeUserId } from '@parley/protocol';
import { importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { JoseTokenSigner } from './jose-token-signer.ts';
import { generateSigningKey } from './signing-key.ts';

const now = 1_767_225_600_000;
const clock = { now: () => now };
const server = { issuer: 'https://chat.example', audience: 'https://chat.example', clock };
const claims = { userId: makeUserId(7n), deviceId: makeDeviceId(8n), expiresAt: now + 600_000 };
const key = await generateSigningKey();
const signer = await JoseTokenSigner.open({ key, ...server });

const goodPayload: JWTPayload = {
  iss: server.issuer,
  aud: server.audience,
  sub: claims.userId,
  device_id: claims.deviceId,
  iat: now / 1_000,
  exp: claims.expiresAt / 1_000,
  jti: '7f2f6a52-7f0f-4e6b-8f0b-0c6f6f1c1c11',
};
const handMade = async (payload: JWTPayload, header: { typ?: string } = { typ: 'at+jwt' }) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', ...header }).sign(await importJWK({ ...key }, 'EdDSA'));

test('[AUTH-2] a signed token gives its claims back until it expires', async () => {
  const token = await signer.sign(claims);
  expect(await signer.verify(token, now)).toEqual({ kind: 'valid', claims });
  expect(await signer.verify(token, claims.expiresAt - 1)).toEqual({ kind: 'valid', claims });
  expect(await signer.verify(token, claims.expiresAt)).toEqual({ kind: 'expired' });
});

test('[AUTH-2] the header names one algorithm and the access-token type, and each token has its own id', async () => {
  const [one, other] = await Promise.all([signer.sign(claims), signer.sign(claims)]);
  const header: unknown = JSON.parse(Buffer.from(one.split('.')[0] ?? '', 'base64url').toString());
  expect(header).toEqual({ alg: 'EdDSA', typ: 'at+jwt' });
  expect(one).not.toBe(other);
});

test('a server that starts again with the same key accepts the tokens of before', async () => {
  const restarted = await JoseTokenSigner.open({ key, ...server });
  expect(await restarted.verify(await signer.sign(claims), now)).toEqual({ kind: 'valid', claims });
});

test('verified tokens are remembered up to the bound and still expire', async () => {
  const small = await JoseTokenSigner.open({ key, ...server, cacheEntriesMax: 1 });
  const first = await small.sign(claims);
  const second = await small.sign(claims);
  for (const token of [first, second, first]) expect(await small.verify(token, now)).toEqual({ kind: 'valid', claims });
  expect(await small.verify(first, claims.expiresAt)).toEqual({ kind: 'expired' });
});

describe('[AUTH-4] refuses', () => {
  test('the hand-made token is accepted as long as nothing is wrong with it', async () => {
    expect(await signer.verify(await handMade(goodPayload), now)).toEqual({ kind: 'valid', claims });
  });

  const forgeries: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['algorithm none', () => new UnsecuredJWT(goodPayload).encode()],
    [
      'HS256 keyed with the public key',
      () =>
        new SignJWT(goodPayload)
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
          .sign(Buffer.from(key.x, 'base64url')),
    ],
    [
      'another key',
      async () => (await JoseTokenSigner.open({ key: await generateSigningKey(), ...server })).sign(claims),
    ],
    ['another type', () => handMade(goodPayload, { typ: 'JWT' })],
    ['no type', () => handMade(goodPayload, {})],
    ['another audience', () => handMade({ ...goodPayload, aud: 'https://other.example' })],
    ['another issuer', () => handMade({ ...goodPayload, iss: 'https://other.example' })],
    ['a subject that is no user', () => handMade({ ...goodPayload, sub: 'dev_0000000000008' })],
    ['a device that is none', () => handMade({ ...goodPayload, device_id: { toString: 'dev' } })],
    ...['iss', 'aud', 'sub', 'device_id', 'iat', 'exp', 'jti'].map(
      (claim) => [`no ${claim}`, () => handMade({ ...goodPayload, [claim]: undefined })] as const,
    ),
    ['nothing in it', () => ''],
    ['three parts that are no JSON', () => 'a.b.c'],
    ['a changed signature', async () => `${(await signer.sign(claims)).slice(0, -4)}AAAA`],
    ['more characters than any of ours', () => 'a'.repeat(100_000)],
  ];
  test.each(forgeries)('a token with %s is invalid', async (_, forge) => {
    expect(await signer.verify(await forge(), now)).toEqual({ kind: 'invalid' });
  });

  test('an expired token of another key is invalid, not expired', async () => {
    const other = await JoseTokenSigner.open({ key: await generateSigningKey(), ...server });
    expect(await signer.verify(await other.sign(claims), claims.expiresAt + 1)).toEqual({ kind: 'invalid' });
  });
});

test('a key that is no Ed25519 key is refused at start', async () => {
  await expect(JoseTokenSigner.open({ key: { ...key, x: 'AAAA' }, ...server })).rejects.toThrow();
});
