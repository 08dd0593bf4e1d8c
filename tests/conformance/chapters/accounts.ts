import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { call, freshKey, freshName, PASSWORD } from '../kit/person.ts';
import { isForeign, serverUnderTest } from '../kit/server-under-test.ts';
import { Socket } from '../kit/socket.ts';

const server = await serverUnderTest();
const firstAccount = await server.person('First');

test.skipIf(isForeign)('[AUTH-1] the first account is the administrator, later ones are not', async () => {
  expect(await firstAccount.done('GET', '/me')).toMatchObject({ is_admin: true });
  expect(await (await server.person()).done('GET', '/me')).toMatchObject({ is_admin: false });
});

test('[AUTH-1] an account needs an identifier that is free, and a password of 8 to 256 characters', async () => {
  const refusal = async (body: object) => {
    const whole = { name: 'Ada', password: PASSWORD, device_name: 'phone', ...body };
    const answer = await call(server, 'POST', '/auth/register', whole);
    return answer.status < 400 ? 'done' : answer.body.code;
  };
  expect(await refusal({})).toBe('INVALID_REQUEST');
  expect(await refusal({ username: freshName(), password: 'short77' })).toBe('INVALID_REQUEST');
  expect(await refusal({ username: freshName(), password: 'x'.repeat(257) })).toBe('INVALID_REQUEST');
  expect(await refusal({ username: firstAccount.username })).toBe('IDENTIFIER_TAKEN');
  expect(await refusal({ email: `${freshName()}@chat.example`, password: 'x'.repeat(256) })).toBe('done');
  const digits = String(Math.trunc(Math.random() * 1e9)).padStart(9, '0');
  expect(await refusal({ phone: `+491${digits}` })).toBe('done');
});

test('[AUTH-2] each log-in makes a device, and its tokens belong to it', async () => {
  const ada = await server.person('Ada');
  const other = await ada.logIn();
  expect(other.deviceId).not.toBe(ada.deviceId);
  const { items } = await ada.done('GET', '/devices');
  expect(items.map(({ device_id, current }) => [device_id, current]).sort()).toEqual(
    [
      [ada.deviceId, true],
      [other.deviceId, false],
    ].sort(),
  );
  const [header = '', claims = ''] = ada.token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  expect(JSON.parse(header)).toMatchObject({ alg: 'EdDSA' });
  const { exp, iat } = JSON.parse(claims) as { exp: number; iat: number };
  expect(exp - iat).toBe(600);
});

test('[AUTH-3] a refresh token works once; the one exchanged last is good until its successor is exchanged, an older one logs the device out', async () => {
  const ada = await server.person('Ada');
  const refresh = (refresh_token: string) => call(server, 'POST', '/auth/refresh', { refresh_token });
  const second = (await refresh(ada.refreshToken)).body;
  // Its answer may have been lost.
  const again = await refresh(ada.refreshToken);
  expect(again.status).toBe(200);
  const third = (await refresh(again.body.refresh_token)).body;
  const reused = await refresh(ada.refreshToken);
  expect(reused.body.code).toBe('REFRESH_REUSED');
  for (const token of [ada.token, second.access_token, third.access_token])
    expect((await call(server, 'GET', '/me', undefined, { token })).body.code).toBe('TOKEN_INVALID');
  expect((await refresh(third.refresh_token)).status).toBe(401);
});

test('[AUTH-4] nothing but an access token of this server is an access token', async () => {
  const ada = await server.person('Ada');
  const { ticket } = await ada.done('POST', '/auth/ticket');
  const [header = '', claims = '', signature = ''] = ada.token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  const hs256 = Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString('base64url');
  const forged = createHmac('sha256', 'parley').update(`${hs256}.${claims}`).digest('base64url');
  const changed = Buffer.from(claims, 'base64url').toString().replace(ada.userId, firstAccount.userId);
  const impostors = [
    ada.refreshToken,
    ticket,
    `${none}.${claims}.`,
    `${hs256}.${claims}.${forged}`,
    `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`,
    `${header}.${claims}.${'A'.repeat(signature.length)}`,
    'a.b.c',
  ];
  for (const token of impostors) {
    expect((await ada.call('GET', '/me', undefined, { token })).body.code).toBe('TOKEN_INVALID');
    const socket = await Socket.open(server.url);
    expect(await socket.ask({ type: 'authenticate', token })).toMatchObject({ code: 'TOKEN_INVALID' });
  }
  expect((await call(server, 'POST', '/auth/refresh', { refresh_token: ada.token.slice(0, 200) })).body.code).toBe(
    'TOKEN_INVALID',
  );
  expect((await call(server, 'GET', '/me')).body.code).toBe('NOT_AUTHENTICATED');
});

const logIn = (body: object) => call(server, 'POST', '/auth/login', { device_name: 'phone', ...body });

test('[AUTH-5] an unknown name and a wrong password are one answer, and attempts are limited', async () => {
  const ada = await server.person('Ada');
  const answers = [
    await logIn({ identifier: ada.username, password: 'wrong password' }),
    await logIn({ identifier: freshName(), password: 'wrong password' }),
  ];
  const [known, unknown] = answers.map(({ status, body: { request_id: _, ...rest } }) => ({ status, rest }));
  expect(known).toEqual(unknown);
  expect(known).toMatchObject({ status: 401, rest: { code: 'WRONG_CREDENTIALS' } });
  const codes: string[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1)
    codes.push((await logIn({ identifier: ada.username, password: 'wrong password' })).body.code);
  expect(codes.at(-1)).toBe('RATE_LIMITED');
});

test('[AUTH-6] asking for a code never tells whether there is an account, and a wrong code is wrong credentials', async () => {
  const digits = () => String(Math.trunc(Math.random() * 1e9)).padStart(9, '0');
  const phone = `+492${digits()}`;
  await call(server, 'POST', '/auth/register', { name: 'Ada', phone, password: PASSWORD, device_name: 'phone' });
  const [known, unknown] = await Promise.all(
    [phone, `+493${digits()}`].map((one) => call(server, 'POST', '/auth/code', { phone: one })),
  );
  expect({ status: known?.status, text: known?.text }).toEqual({ status: unknown?.status, text: unknown?.text });
  expect(known?.status).toBe(202);
  expect((await logIn({ phone, code: '12345' })).body.code).toBe('INVALID_REQUEST');
  for (let attempt = 0; attempt < 5; attempt += 1)
    expect([(await logIn({ phone, code: '000000' })).body.code]).toContain('WRONG_CREDENTIALS');
});

test('[AUTH-7] changing the password logs other devices out at once, and the old one is of no use', async () => {
  const ada = await server.person('Ada');
  const other = await ada.logIn();
  const body = { current_password: PASSWORD, new_password: 'another long password' };
  expect(await ada.refusal('PUT', '/me/password', { ...body, current_password: 'wrong password' })).toBe(
    'WRONG_CREDENTIALS',
  );
  await ada.done('PUT', '/me/password', body);
  expect(await other.refusal('GET', '/me')).toBe('TOKEN_INVALID');
  expect(await ada.refusal('GET', '/me')).toBe('done');
  expect((await logIn({ identifier: ada.username, password: PASSWORD })).body.code).toBe('WRONG_CREDENTIALS');
  const third = await ada.logIn(body.new_password);
  await ada.done('DELETE', `/devices/${third.deviceId}`);
  expect(await third.refusal('GET', '/me')).toBe('TOKEN_INVALID');
  expect((await call(server, 'POST', '/auth/refresh', { refresh_token: third.refreshToken })).status).toBe(401);
});

test('[AUTH-8] a ticket opens one socket', async () => {
  const ada = await server.person('Ada');
  const { ticket, expires_at, ...rest } = await ada.done('POST', '/auth/ticket');
  expect(rest).toEqual({});
  expect(expires_at).toEqual(expect.any(Number));
  const [first, second] = [await Socket.open(server.url), await Socket.open(server.url)];
  expect(await first.ask({ type: 'authenticate', ticket })).toMatchObject({ type: 'authenticated' });
  expect(await second.ask({ type: 'authenticate', ticket })).toMatchObject({ code: 'TOKEN_INVALID' });
});

test('[ACCT-1] [ACCT-3] deleting the account leaves everything and erases the person and what they wrote', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const [conversation, left] = [await ada.group([bob]), await ada.group([bob])];
  const seq = await bob.say(conversation, 'A secret');
  const content = { text: 'An answer', reply_to: seq };
  const body = { client_msg_id: freshKey(), content };
  const answer = (await ada.done('POST', `/conversations/${conversation}/messages`, body)).seq;
  await bob.say(left, 'Another secret');
  await bob.done('POST', `/conversations/${left}/leave`);
  const reader = await ada.live();
  expect(await bob.refusal('DELETE', '/me', { password: 'wrong password' })).toBe('WRONG_CREDENTIALS');
  await bob.done('DELETE', '/me', { password: PASSWORD });
  expect(await bob.refusal('GET', '/me')).toBe('TOKEN_INVALID');
  expect((await logIn({ identifier: bob.username, password: PASSWORD })).body.code).toBe('WRONG_CREDENTIALS');
  expect((await call(server, 'POST', '/auth/refresh', { refresh_token: bob.refreshToken })).status).toBe(401);
  expect(await ada.done('GET', `/users/${bob.userId}`)).toMatchObject({
    deleted: true,
    name: 'Deleted user',
    username: null,
  });
  for (const id of [conversation, left])
    await reader.next('author_erased', (entry) => entry.conversation_id === id && entry.sender_id === bob.userId);
  expect(await ada.history(conversation)).toMatchObject({
    messages: [{ seq: answer, content }],
    tombstones: [{ seq, reason: 'deleted' }],
  });
  const raw = await ada.done('GET', `/conversations/${conversation}/entries?after_seq=0`);
  const everything = [raw, await ada.history(left), await ada.done('GET', '/conversations')];
  expect(JSON.stringify(everything)).not.toMatch(/secret/);
  const members = (await ada.done('GET', `/conversations/${conversation}/members`)).items;
  expect(members).toHaveLength(1);
  const again = { name: 'New', username: bob.username, password: PASSWORD, device_name: 'phone' };
  expect((await call(server, 'POST', '/auth/register', again)).status).toBe(201);
});

test('[ACCT-2] the export is JSON lines of everything that the account may see, and of nothing else', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob]);
  const foreign = await ada.group([eve]);
  await ada.say(conversation, 'For Bob');
  await ada.say(foreign, 'For Eve');
  const { text } = await bob.call('GET', '/me/export');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  for (const type of ['account', 'device', 'conversation', 'message'])
    expect(lines.map((line) => line.type)).toContain(type);
  expect(text).toContain('For Bob');
  expect(text).not.toContain('For Eve');
  expect(text).not.toMatch(/password|argon2|refresh_token/);
});
